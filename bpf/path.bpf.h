/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Paths, as the kernel's d_path() finds them, from the last name to the first. (bpf_d_path() may not be called here.)
 */
#ifndef __PATH_BPF_H__
#define __PATH_BPF_H__

/* More names than this are not looked at: the path is then said to be unknown. */
#define PATH_NAMES 32

static __always_inline struct mount *mount_of(struct vfsmount *mnt)
{
	return (struct mount *)((char *)mnt - bpf_core_field_offset(struct mount, mnt));
}

/* What was never in a directory is its own parent, and has a name all the same. */
static __always_inline bool is_without_directory(struct dentry *dentry)
{
	char first = '/';

	if (BPF_CORE_READ(dentry, d_parent) != dentry)
		return false;
	bpf_probe_read_kernel(&first, sizeof(first), BPF_CORE_READ(dentry, d_name.name));
	return first != '/';
}

/* The name has been deleted, although the file may have others: d_unlinked() in include/linux/dcache.h. */
static __always_inline bool is_unlinked(struct dentry *dentry)
{
	return !BPF_CORE_READ(dentry, d_hash.pprev) && BPF_CORE_READ(dentry, d_parent) != dentry;
}

/*
 * Appends the names of a path, up to the root of the mount namespace. What is in no directory, such as a memfd, has one
 * name. Returns the bytes; 0 if the path could not be had whole. The root itself is one empty name.
 */
static __always_inline __u32 append_path(const struct text *text, struct vfsmount *mnt, struct dentry *dentry)
{
	__u32 start = text_used(text);
	struct mount *mount = mount_of(mnt);

	for (int i = 0; i < PATH_NAMES; i++) {
		struct dentry *root = BPF_CORE_READ(mount, mnt.mnt_root);
		struct dentry *parent = BPF_CORE_READ(dentry, d_parent);
		const unsigned char *name;
		__u32 at = text_used(text);
		long length;

		if (dentry == root || dentry == parent) {
			struct mount *above = BPF_CORE_READ(mount, mnt_parent);

			if (dentry == root && above != mount) {
				dentry = BPF_CORE_READ(mount, mnt_mountpoint);
				mount = above;
				continue;
			}
			/* Unmounted while in use: no path leads there any more. */
			if (!BPF_CORE_READ(mount, mnt_ns))
				break;
			if (at != start)
				return at - start;
		}
		if (at > text->capacity) {
			mark_text(text, EVENT_TEXT_CUT);
			break;
		}
		name = BPF_CORE_READ(dentry, d_name.name);
		length = bpf_probe_read_kernel_str(text->text + at, TEXT_STEP, name);
		if (length <= 0)
			break;
		set_text_used(text, at + length);
		if (dentry == root || dentry == parent)
			return at + length - start;
		dentry = parent;
	}
	set_text_used(text, start);
	return 0;
}

/* Appends the names of a control group's path below the root of its hierarchy. Returns the bytes; 0 on failure. */
static __always_inline __u32 append_kernfs_path(const struct text *text, struct kernfs_node *node)
{
	__u32 start = text_used(text);

	for (int i = 0; i < PATH_NAMES; i++) {
		struct kernfs_node *parent = kernfs_parent(node);
		__u32 at = text_used(text);
		long length;

		if (!parent && at != start)
			return at - start;
		if (at > text->capacity) {
			mark_text(text, EVENT_TEXT_CUT);
			break;
		}
		length = bpf_probe_read_kernel_str(text->text + at, TEXT_STEP, BPF_CORE_READ(node, name));
		if (length <= 0)
			break;
		set_text_used(text, at + length);
		if (!parent)
			return at + length - start;
		node = parent;
	}
	set_text_used(text, start);
	return 0;
}

#endif /* __PATH_BPF_H__ */
