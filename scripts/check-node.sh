#!/bin/sh
# Fails, with one line on how to get them, unless npm and a recent enough Node.js are in PATH.
set -eu

oldest=20.19
how="get a current one from https://nodejs.org/en/download (with nvm: nvm install --lts)"

if ! command -v node >/dev/null; then
	[ -z "${SUDO_USER:-}" ] || how="run make without sudo if $SUDO_USER has it (sudo is called where needed), else $how"
	echo "Node.js $oldest or later is needed and there is no node in PATH: $how" >&2
	exit 1
fi

found=$(node --version)
found=${found#v}
lowest=$(printf '%s\n' "$oldest" "$found" | sort -V | head -n 1)
if [ "$lowest" != "$oldest" ]; then
	echo "Node.js $oldest or later is needed and $(command -v node) is $found: $how" >&2
	exit 1
fi

if ! command -v npm >/dev/null; then
	echo "npm is needed and not in PATH: install your distribution's package npm, or a Node.js that brings it from" \
		"https://nodejs.org/en/download" >&2
	exit 1
fi
