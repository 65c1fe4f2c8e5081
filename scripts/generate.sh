#!/bin/sh
# usage: generate.sh FOLDER TYPE... - compiles bpf/ and writes the objects and their TypeScript bindings to FOLDER.
set -eu
cd "$(dirname "$0")/.."

folder=$1
shift
for type in "$@"; do
	shift
	set -- "$@" --type "$type"
done

mkdir -p "$folder"
node --import tsx tools/bpf2ts/main.ts --target bpfel,bpfeb "$@" --out "$folder" \
	probe bpf/bootstrap.bpf.c -- -Ibpf -Wall -Werror >&2
