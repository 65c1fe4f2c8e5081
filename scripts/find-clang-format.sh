#!/bin/sh
# Prints the path of clang-format 14, or fails after saying so. Each major version formats a little differently, so C is
# checked with one of them only, that of Debian 12 and of Ubuntu's archives.
set -eu

for candidate in clang-format-14 clang-format; do
	if "$candidate" --version 2>/dev/null | grep -q 'version 14\.'; then
		command -v "$candidate"
		exit 0
	fi
done
found=$(clang-format --version 2>/dev/null || echo none)
echo "The formatting of C is not looked at: that needs clang-format 14, found: $found" >&2
exit 1
