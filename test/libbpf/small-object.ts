import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const SOURCE = `
typedef unsigned char __u8;
typedef unsigned short __u16, __be16;
typedef unsigned int __u32, __be32, __wsum;
typedef unsigned long long __u64;
typedef int __s32;
typedef long long __s64;
#include <bpf/bpf_helpers.h>

struct {
  __uint(type, 27); /* BPF_MAP_TYPE_RINGBUF */
  __uint(max_entries, 65536);
} events SEC(".maps");

struct {
  __uint(type, 2); /* BPF_MAP_TYPE_ARRAY */
  __uint(max_entries, 4);
  __type(key, __u32);
  __type(value, __u64);
} counts SEC(".maps");

const volatile __u64 limit = 5;
volatile __u32 seen;

SEC("raw_tp/sched_process_exec") int handle_exec(void *ctx) { seen++; return limit; }
SEC("raw_tp/sched_process_exit") int handle_exit(void *ctx) { seen++; return 0; }

char LICENSE[] SEC("license") = "GPL";
`;

/**
 * Compiles a BPF object with programs `handle_exec` and `handle_exit`, maps `events` (a ring of 65,536 bytes) and
 * `counts`, and variables `limit` (64 bits in .rodata, 5) and `seen` (32 bits in .bss, 0); returns the file's bytes.
 */
export function compileSmallObject(): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), "small-object-"));
  try {
    const object = join(folder, "small.bpf.o");
    const args = ["-target", "bpf", "-g", "-O2", "-x", "c", "-c", "-", "-o", object];
    execFileSync("clang", args, { input: SOURCE, stdio: ["pipe", "inherit", "inherit"] });
    return readFileSync(object);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
