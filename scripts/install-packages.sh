#!/bin/sh
# Installs, with apt, what the lines of packages.table on stdin ask for; without apt or root it says what to install.
set -eu
cd "$(dirname "$0")/.."

table=$(cat)

one_line() {
	tr ',' ' ' | tr ' ' '\n' | sort -u | tr '\n' ' ' | sed 's/^ *//; s/ $//'
}

# usage: column N - what column N lists for the needs that are not optional.
column() {
	echo "$table" | grep -v '^[^ ]*?' | tr -s ' ' | cut -d ' ' -f "$1" | one_line
}

known_to_apt() {
	LC_ALL=C apt-cache policy "$1" | grep -q 'Candidate: [^(]'
}

# usage: choose ALTERNATIVES - of a|b,c the first whose packages apt knows; of none, the first.
choose() {
	for alternative in $(echo "$1" | tr '|' ' '); do
		unknown=
		for package in $(echo "$alternative" | tr ',' ' '); do
			known_to_apt "$package" || unknown=yes
		done
		if [ -z "$unknown" ]; then
			echo "$alternative"
			return
		fi
	done
	echo "${1%%|*}"
}

# The packages to install, chosen from what apt knows.
packages() {
	echo "$table" | while read -r need apt _; do
		case $need in
		*\?) ! known_to_apt "$apt" || echo "$apt" ;;
		*) choose "$apt" ;;
		esac
	done | one_line
}

apt_get() {
	scripts/as-root.sh env DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 \
		apt-get -qq -o DPkg::Lock::Timeout=120 "$@" >>build/apt.log 2>&1 </dev/null
}

# A list that cannot be fetched need not matter: installing decides. apt does not wait for this lock by itself.
update() {
	echo "==> Updating the package lists" >&2
	tries=24
	until apt_get update || [ "$tries" -eq 0 ] || ! tail -n 5 build/apt.log | grep -q lists/lock; do
		tries=$((tries - 1))
		sleep 5
	done
}

required=$(column 1)

if ! command -v apt-get >/dev/null; then
	[ -n "$required" ] || exit 0
	echo "Not installed: $required. Please install:" >&2
	echo "  Fedora:    dnf install $(column 3)" >&2
	echo "  Arch:      pacman -S $(column 4)" >&2
	echo "  openSUSE:  zypper install $(column 5)" >&2
	exit 1
fi

# Only optional packages, and apt has none of them: nothing to do.
[ -n "$required" ] || [ -n "$(packages)" ] || exit 0

if ! why=$(scripts/as-root.sh --possible); then
	[ -n "$required" ] || exit 0
	echo "Not installed: $required, and $why. As root: apt-get install $(packages)" >&2
	exit 1
fi

mkdir -p build
: >build/apt.log
update
packages=$(packages)
echo "==> Installing packages: $packages" >&2
# shellcheck disable=SC2086 # a list of names
if ! apt_get install -y --no-install-recommends $packages; then
	cat build/apt.log >&2
	echo "Installing packages failed, see above" >&2
	exit 1
fi
