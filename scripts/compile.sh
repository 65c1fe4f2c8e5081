#!/bin/sh
# Compiles src/ and tools/ to dist/, which holds nothing else: it is replaced as a whole, and only if all went well.
set -eu
cd "$(dirname "$0")/.."

echo "==> Compiling TypeScript" >&2
rm -rf build/dist
node_modules/.bin/tsc -p tsconfig.build.json --outDir build/dist >&2
mkdir -p build/dist/src/probe
cp src/probe/*.o build/dist/src/probe/
node --import tsx scripts/bundle.ts build/dist
chmod +x build/dist/src/cli/main.js build/dist/tools/bpf2ts/main.js

rm -rf dist
mv build/dist dist
