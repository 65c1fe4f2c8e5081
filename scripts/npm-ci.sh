#!/bin/sh
# Installs the npm packages of package-lock.json; quiet unless it fails.
set -eu
cd "$(dirname "$0")/.."

echo "==> Installing npm packages" >&2
mkdir -p build
if ! npm ci --include=dev >build/npm.log 2>&1 </dev/null; then
	cat build/npm.log >&2
	exit 1
fi
# npm's own record of what is installed; the Makefile compares its time with package-lock.json's.
touch node_modules/.package-lock.json
