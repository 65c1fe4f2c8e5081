#!/bin/sh
# usage: generate.sh [FOLDER] - compiles every BPF program of the project, and writes its object and its TypeScript
# bindings beside its user; below FOLDER, if one is given, as it would below the project.
set -eu
cd "$(dirname "$0")/.."
folder=${1:-.}

# usage: bindings TARGETS OUT IDENT SOURCE TYPE...
bindings() {
	targets=$1 out=$folder/$2 ident=$3 source=$4
	shift 4
	for type in "$@"; do
		shift
		set -- "$@" --type "$type"
	done
	mkdir -p "$out"
	node --import tsx tools/bpf2ts/main.ts --target "$targets" "$@" --out "$out" \
		"$ident" "$source" -- -Ibpf -Wall -Werror >&2
}

bindings bpfel,bpfeb src/probe probe bpf/bootstrap.bpf.c \
	event_kind event_flag exec_event exit_event lost_events \
	fork_event full_exec_event exec_failed_event full_exit_event cgroup_event
bindings bpfel,bpfeb src/probe probe_untyped bpf/bootstrap-untyped.bpf.c
bindings bpfel,bpfeb examples/forks forks examples/forks/forks.bpf.c \
	fork_event
