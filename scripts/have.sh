#!/bin/sh
# usage: have.sh COMMAND | header:FILE | library:SONAME - succeeds if it is installed.
set -eu

any_exists() {
	for file in "$@"; do
		[ ! -e "$file" ] || return 0
	done
	return 1
}

case $1 in
bpftool)
	"$(dirname "$0")/find-bpftool.sh" >/dev/null
	;;
header:*)
	any_exists "/usr/include/${1#*:}" "/usr/local/include/${1#*:}"
	;;
library:*)
	# The places that the dynamic linker knows by default, with Debian's per-architecture ones.
	any_exists /usr/lib/"${1#*:}" /usr/lib64/"${1#*:}" /usr/lib/*/"${1#*:}" /lib/*/"${1#*:}" \
		/usr/local/lib/"${1#*:}" /usr/local/lib64/"${1#*:}" ||
		ldconfig -p 2>/dev/null | grep -q -F "${1#*:} "
	;;
*)
	command -v "$1" >/dev/null
	;;
esac
