#!/bin/sh
# Prints the path of a bpftool that works, or fails. Up to 24.04 Ubuntu's /usr/sbin/bpftool is a script that gives up
# unless the tools of exactly the running kernel are installed; any other kernel's do as well to read an object file.
set -eu

for candidate in "$(command -v bpftool || true)" /usr/lib/linux-tools/*/bpftool /usr/lib/linux-tools-*/bpftool; do
	if [ -x "$candidate" ] && "$candidate" version >/dev/null 2>&1; then
		echo "$candidate"
		exit 0
	fi
done
exit 1
