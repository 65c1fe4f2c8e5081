#!/bin/sh
# Checks types, code and formatting; changes nothing.
set -eu
cd "$(dirname "$0")/.."

echo "==> Checking types, code and formatting" >&2
node_modules/.bin/tsc -p tsconfig.json --noEmit
node_modules/.bin/eslint .
node_modules/.bin/prettier --check --log-level warn .
if clang_format=$(scripts/find-clang-format.sh); then
	find bpf test examples bench -name '*.[ch]' -exec "$clang_format" --dry-run --Werror {} +
fi
