#!/bin/sh
# usage: have.sh COMMAND | header:FILE | library:SONAME - succeeds if it is installed where bpf2ts or the loader looks.
set -eu
PATH="$PATH:/usr/sbin:/sbin" # bpftool and others, which Debian keeps out of a user's PATH

any_exists() {
	for file in "$@"; do
		[ ! -e "$file" ] || return 0
	done
	return 1
}

# Up to 24.04 Ubuntu's bpftool in PATH is a script that gives up unless the tools of exactly the running kernel are
# installed; those of any other kernel do as well.
any_bpftool_works() {
	for bpftool in bpftool /usr/lib/linux-tools/*/bpftool /usr/lib/linux-tools-*/bpftool; do
		! "$bpftool" version >/dev/null 2>&1 || return 0
	done
	return 1
}

name=${1#*:}
case $1 in
bpftool)
	any_bpftool_works
	;;
header:*)
	any_exists "/usr/include/$name" "/usr/local/include/$name"
	;;
library:*)
	any_exists /usr/lib/"$name" /usr/lib64/"$name" /usr/lib/*/"$name" /lib/*/"$name" /usr/local/lib*/"$name" ||
		ldconfig -p 2>/dev/null | grep -q -F "$name "
	;;
*)
	# clang-19 in PATH, or LLVM's own folder, do for clang.
	command -v "$name" >/dev/null || any_exists /usr/bin/"$name"-[0-9]* /usr/lib/llvm-*/bin/"$name"
	;;
esac
