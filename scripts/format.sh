#!/bin/sh
# Formats every file in place.
set -eu
cd "$(dirname "$0")/.."

node_modules/.bin/prettier --write --log-level warn .
if clang_format=$(scripts/find-clang-format.sh); then
	find bpf test examples bench -name '*.[ch]' -exec "$clang_format" -i {} +
fi
