#!/bin/sh
# Runs all tests: those in test/kernel as root, the others as whoever calls.
set -eu
cd "$(dirname "$0")/.."

node=$(node -p process.execPath)
PATH="$PATH:/usr/sbin:/sbin" # bpftool and others, which Debian keeps out of a user's PATH

# usage: run_tests COMMAND... - appends the files named on stdin to the command; stdin of the tests is empty.
run_tests() {
	sort -z | xargs -0 -r "$@" || failed=yes
}

# Asked first: a password is not wanted minutes later.
no_root=$(scripts/as-root.sh --possible) || true
failed=

echo "==> Running the tests that need no kernel"
find test -name '*.test.ts' -not -path 'test/kernel/*' -print0 >build/tests
run_tests "$node" --import tsx --test --test-reporter=spec --test-timeout=300000 <build/tests

if [ -n "$no_root" ]; then
	echo "The kernel tests did not run: $no_root"
else
	echo "==> Running the kernel tests, as root"
	find test -name '*.test.ts' -path 'test/kernel/*' -print0 >build/tests
	# sudo resets PATH and CI; the tests start this same node and the tools found here.
	run_tests scripts/as-root.sh env PATH="$PATH" ${CI:+"CI=$CI"} "$node" --import tsx --test --test-concurrency=1 \
		--test-reporter=spec --test-timeout=300000 <build/tests
fi

[ -z "$failed" ]
