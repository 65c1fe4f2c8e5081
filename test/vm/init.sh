#!/bin/busybox sh
# shellcheck shell=dash
# The first program in a guest: finds the disks, and hands over to guest.sh, which is on the second.
export PATH=/bin
/bin/busybox --install -s /bin
mkdir -p /proc /sys /dev /root
mount -t proc none /proc
mount -t sysfs none /sys
mount -t devtmpfs none /dev
for module in /modules/*.ko; do
	[ ! -f "$module" ] || insmod "$module"
done

# usage: disk SERIAL - the device of the disk with this serial number; disks may take a moment to appear.
disk() {
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		for serial in /sys/block/vd*/serial; do
			[ "$(cat "$serial" 2>/dev/null)" != "$1" ] || basename "$(dirname "$serial")"
		done
		sleep 0.2
	done | head -1
}

mount -t ext4 "/dev/$(disk root)" /root || poweroff -f
mount -t ext4 "/dev/$(disk project)" /root/project || poweroff -f
for directory in proc sys dev; do
	mount --move "/$directory" "/root/$directory"
done
exec switch_root /root /bin/sh /project/guest.sh
