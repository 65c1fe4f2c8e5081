#!/bin/sh
# Writes ./ebpf-bootstrap, which starts dist/src/cli/main.js with the Node.js that built it: under sudo a node that is
# not in a system directory (nvm's, say) is not in PATH.
set -eu
cd "$(dirname "$0")/.."

node=$(node -p process.execPath)
mkdir -p build
cat >build/launcher <<END
#!/bin/sh
# Written by scripts/launcher.sh. exec, so that signals and the process id are the program's own.
node='$(printf %s "$node" | sed "s/'/'\\\\''/g")'
[ -x "\$node" ] || node=node
# Node.js would open /dev/null in its place, and all would be lost without a word.
if ! true 2>&- 3>&1; then
	echo "ebpf-bootstrap: write to standard output: it is closed" >&2
	exit 1
fi
# Nothing but node is needed from PATH, also where this is called by way of a symbolic link.
here=\${0%/*}
[ -e "\$here/dist/src/cli/main.js" ] || here=\$("\$node" -p 'path.dirname(fs.realpathSync(process.argv[1]))' "\$0")
main=\$here/dist/src/cli/main.js
[ -r "\$main" ] || {
	echo "ebpf-bootstrap: \$main is missing, or not readable for you: run \\\`make build\\\` there" >&2
	exit 1
}
# So that it takes less memory: a small space for new objects, of which there are few; one thread that compiles; one arena
# of malloc for all threads; and what is large is always mapped, so that it is given back at once.
export MALLOC_ARENA_MAX=1 MALLOC_MMAP_THRESHOLD_=131072
exec "\$node" --max-semi-space-size=1 --v8-pool-size=1 "\$main" "\$@"
END
chmod +x build/launcher
cmp -s build/launcher ebpf-bootstrap || mv build/launcher ebpf-bootstrap
