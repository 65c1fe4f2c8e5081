#!/bin/sh
# usage: as-root.sh COMMAND [ARGUMENT...] - runs it as root, by sudo if need be.
#        as-root.sh --possible            - succeeds if that can work, else says why not; may ask for sudo's password.
set -eu

if [ "$1" != --possible ]; then
	[ "$(id -u)" -eq 0 ] && exec "$@"
	command -v sudo >/dev/null && exec sudo -- "$@"
	echo "Root is needed to run $1, and sudo is not installed" >&2
	exit 1
fi

[ "$(id -u)" -ne 0 ] || exit 0
if ! command -v sudo >/dev/null; then
	echo "$(id -un) is not root and sudo is not installed"
	exit 1
fi
sudo -n true 2>/dev/null && exit 0
# A password can be asked for only where somebody sits.
[ -z "${CI:-}" ] && (: </dev/tty) 2>/dev/null && sudo -v && exit 0
echo "$(id -un) is not root and may not use sudo"
exit 1
