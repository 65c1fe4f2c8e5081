#!/bin/sh
# Fails if the generated files are not what the BPF sources generate now: no more, no less.
set -eu
cd "$(dirname "$0")/.."

echo "==> Checking that the generated TypeScript matches the BPF sources" >&2
rm -rf build/generated
scripts/generate.sh build/generated

scripts/check-stray.sh build/generated

cd build/generated
find . -name '*.ts' | while read -r fresh; do
	if ! diff -u "../../$fresh" "$fresh" >&2; then
		echo "$fresh is out of date: run 'make generate' and commit it" >&2
		exit 1
	fi
done
