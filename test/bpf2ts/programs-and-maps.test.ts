import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { before, describe, it } from "node:test";
import { readSymbols } from "../../tools/bpf2ts/elf.ts";
import { findToolchain } from "../../tools/bpf2ts/toolchain.ts";
import { bothTargets, generateFrom, importModule, temporaryDirectory } from "./workshop.ts";

const source = `
#define SEC(name) __attribute__((section(name), used))
#define __uint(name, val) int (*name)[val]
#define __type(name, val) typeof(val) *name
#define __array(name, val) typeof(val) *name[]
typedef unsigned int __u32;
struct key { char comm[16]; __u32 pid; };
typedef struct key key_t;
struct { __uint(type, 27); __uint(max_entries, 1 << 22); } events SEC(".maps");
struct { __uint(type, 1); __uint(max_entries, 100); __type(key, key_t); __type(value, long[3]); __uint(map_flags, 1);
  __uint(pinning, 1); } by_key SEC(".maps");
struct { __uint(type, 4); __uint(key_size, 4); __uint(value_size, 4); } perf SEC(".maps");
struct inner { __uint(type, 2); __uint(max_entries, 1); __type(key, int); __type(value, int); } one SEC(".maps");
struct { __uint(type, 13); __uint(max_entries, 8); __uint(key_size, 4); __array(values, struct inner); } outer
  SEC(".maps") = { .values = { [0] = (void *)&one } };
struct { __uint(type, 99); } unheard SEC(".maps");
char LICENSE[] SEC("license") = "GPL";
static __attribute__((noinline)) int local(int x) { asm volatile(""); return x; }
__attribute__((noinline)) int shared(int x) { asm volatile(""); return x * 2; }
SEC("tp_btf/sched_process_exec") int handle_exec(void *ctx) { return local(1) + shared(2); }
SEC("tp_btf/sched_process_exec") int handle_again(void *ctx) { return 1; }
SEC("?fentry.s/do_unlinkat") int off_by_default(void *ctx) { return 0; }
SEC("xdp") int drop(void *ctx) { return 1; }
SEC("uprobe//usr/lib/a library.so:open") int open_file(void *ctx) { return 0; }
`;

describe("a generated module", () => {
  const directory = temporaryDirectory();
  before(() => {
    generateFrom(directory, "whole", source);
  });

  for (const target of bothTargets) {
    it(`${target}: lists the programs`, async () => {
      assert.deepEqual((await importModule(directory, "whole", target)).programs, {
        drop: { section: "xdp", kind: "xdp" },
        handle_again: { section: "tp_btf/sched_process_exec", kind: "tp_btf" },
        handle_exec: { section: "tp_btf/sched_process_exec", kind: "tp_btf" },
        off_by_default: { section: "?fentry.s/do_unlinkat", kind: "fentry.s" },
        open_file: { section: "uprobe//usr/lib/a library.so:open", kind: "uprobe" },
      });
    });

    it(`${target}: lists the maps`, async () => {
      assert.deepEqual((await importModule(directory, "whole", target)).maps, {
        by_key: { kind: "hash", keySize: 20, valueSize: 24, maxEntries: 100 },
        events: { kind: "ringbuf", keySize: 0, valueSize: 0, maxEntries: 4194304 },
        one: { kind: "array", keySize: 4, valueSize: 4, maxEntries: 1 },
        outer: { kind: "hash_of_maps", keySize: 4, valueSize: 4, maxEntries: 8 },
        perf: { kind: "perf_event_array", keySize: 4, valueSize: 4, maxEntries: 0 },
        unheard: { kind: "map_type_99", keySize: 0, valueSize: 0, maxEntries: 0 },
      });
    });

    it(`${target}: is the same whichever readelf lists the symbols`, (context) => {
      const object = join(directory, `whole_${target}.o`);
      if (spawnSync("readelf", ["--version"]).error !== undefined) {
        context.skip("GNU binutils is not installed");
        return;
      }
      assert.deepEqual(readSymbols(object, "readelf"), readSymbols(object, findToolchain({}).readelf));
    });

    it(`${target}: points to its object`, async () => {
      const { objectUrl } = await importModule(directory, "whole", target);
      assert.ok(objectUrl.pathname.endsWith(`/whole_${target}.o`));
    });
  }
});
