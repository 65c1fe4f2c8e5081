#!/bin/sh
# usage: test-kernels.sh [ARGUMENT...] - boots kernels of Debian's in emulated machines, and has each run the kernel tests.
# The arguments: test/vm/main.ts. Where what this takes cannot be installed, says so, which is no failure.
set -eu
cd "$(dirname "$0")/.."
PATH="$PATH:/usr/sbin:/sbin" # depmod and others, which Debian keeps out of a user's PATH

if ! command -v apt-get >/dev/null; then
	echo "==> The kernels were not tested: they come by apt-get, which is not here"
	exit 0
fi
if ! scripts/setup.sh build kernels; then
	echo "==> The kernels were not tested: the packages named above are not installed"
	exit 0
fi
node --import tsx test/vm/main.ts "$@"
