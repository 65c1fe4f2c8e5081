#!/bin/sh
# Measures the monitor against its peers, as root.
set -eu
cd "$(dirname "$0")/.."

node=$(node -p process.execPath)
PATH="$PATH:/usr/sbin:/sbin" # bpftool and others, which Debian keeps out of a user's PATH

exec scripts/as-root.sh env PATH="$PATH" "$node" --import tsx bench/main.ts "$@"
