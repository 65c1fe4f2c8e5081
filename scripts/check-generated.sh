#!/bin/sh
# usage: check-generated.sh TYPE... - fails if the generated files in src/probe are not what bpf/ generates now.
set -eu
cd "$(dirname "$0")/.."

echo "==> Checking that src/probe matches bpf/" >&2
rm -rf build/probe
scripts/generate.sh build/probe "$@"

for fresh in build/probe/*.ts; do
	if ! diff -u "src/probe/${fresh##*/}" "$fresh" >&2; then
		echo "src/probe/${fresh##*/} is out of date: run 'make generate' and commit it" >&2
		exit 1
	fi
done
