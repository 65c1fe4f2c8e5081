#!/bin/sh
# usage: setup.sh SET... - makes sure that Node.js and everything that packages.table lists for the sets is there.
set -eu
cd "$(dirname "$0")/.."

# usage: missing SET... - the lines of the table, without their first column, whose need is not met.
missing() {
	while read -r set need packages; do
		case " $* " in *" $set "*) ;; *) continue ;; esac
		scripts/have.sh "${need%\?}" || echo "$need $packages"
	done <scripts/packages.table
}

scripts/check-node.sh

missing=$(missing "$@")
[ -n "$missing" ] || exit 0
echo "$missing" | scripts/install-packages.sh

still_missing=$(missing "$@" | cut -d ' ' -f 1 | grep -v '?$' || true)
if [ -n "$still_missing" ]; then
	echo "Not found although its package is installed: $(echo "$still_missing" | tr '\n' ' ')" >&2
	exit 1
fi
