/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Text of unknown length, put into a record behind its fixed part. */
#ifndef __TEXT_BPF_H__
#define __TEXT_BPF_H__

/* Bytes copied at once: the longest name of a file, with its NUL. */
#define TEXT_STEP 256

/*
 * Where text is being put. `text` has room for `capacity + TEXT_STEP` bytes, so that every step fits.
 *
 * How much of it is used stands in the record, not on the stack: what the verifier loads from there it knows nothing
 * about, so all ways through a loop look the same to it after each step, and it need not follow every one of them.
 */
struct text {
	struct event_header *header; /* its size counts the bytes of text until the record is complete */
	char *text;
	__u32 capacity;
};

static __always_inline __u32 text_used(const struct text *text)
{
	return *(volatile __u32 *)&text->header->size;
}

static __always_inline void set_text_used(const struct text *text, __u32 used)
{
	*(volatile __u32 *)&text->header->size = used;
}

static __always_inline void mark_text(const struct text *text, __u16 flag)
{
	*(volatile __u16 *)&text->header->flags |= flag;
}

/* The most steps that a string takes: PATH_MAX, and what execveat(2) puts before it. */
#define STRING_STEPS 17

/* Appends a kernel string with its NUL; returns the bytes it took, 0 on failure. */
static __always_inline __u32 append_string(const struct text *text, const char *string)
{
	__u32 start = text_used(text);

	for (int step = 0; step < STRING_STEPS; step++) {
		__u32 at = text_used(text);
		long length;

		if (at > text->capacity) {
			mark_text(text, EVENT_TEXT_CUT);
			break;
		}
		length = bpf_probe_read_kernel_str(text->text + at, TEXT_STEP, string);
		if (length <= 0)
			break;
		if (length < TEXT_STEP) {
			set_text_used(text, at + length);
			return at + length - start;
		}
		/* The step ends with a NUL of its own: the string may go on. */
		set_text_used(text, at + TEXT_STEP - 1);
		string += TEXT_STEP - 1;
	}
	set_text_used(text, start);
	return 0;
}

#endif /* __TEXT_BPF_H__ */
