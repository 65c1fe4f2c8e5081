#!/bin/sh
# usage: check-stray.sh FOLDER - fails if there are generated files which are not below FOLDER, where all have been
# generated anew: they are left from a BPF program that was removed or renamed.
set -eu
fresh=$(cd "$1" && pwd)
cd "$(dirname "$0")/.."

find src examples -name '*_bpfe[lb].ts' -o -name '*_bpfe[lb].o' | while read -r file; do
	if [ ! -e "$fresh/$file" ]; then
		echo "$file comes from no BPF program any more: remove it" >&2
		exit 1
	fi
done
