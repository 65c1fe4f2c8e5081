#!/bin/sh
# In a guest, as process 1: mounts what a Linux machine has mounted, runs /project/command, and says how it ended.
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8
busybox=/bin/busybox
cd /project || exit
mount -t tmpfs none /run
mkdir -p /dev/shm /dev/pts
mount -t tmpfs none /dev/shm
mount -t devpts none /dev/pts
mount -t bpf none /sys/fs/bpf
mount -t tracefs none /sys/kernel/tracing
mount -t cgroup2 none /sys/fs/cgroup
mount -t securityfs none /sys/kernel/security
$busybox ip link set lo up

# usage: port NAME - the device of a serial port, by the name that it has on the host's side.
port() {
	for name in /sys/class/virtio-ports/*/name; do
		[ "$(cat "$name")" != "$1" ] || echo "/dev/$(basename "$(dirname "$name")")"
	done
}

/bin/sh /project/command >"$(port output)" 2>"$(port errors)" </dev/null
echo "$?" >"$(port status)"
$busybox poweroff -f
