import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { describe, it } from "node:test";
import { KernelBtf } from "../../src/libbpf/kernel-btf.ts";

const skip =
  !existsSync("/sys/kernel/btf/vmlinux") && "this kernel does not tell its types: no /sys/kernel/btf/vmlinux";

describe("the kernel's BTF", { skip }, () => {
  for (const [struct, member, expected] of [
    ["task_struct", "group_leader", true],
    ["task_struct", "start_boottime", true],
    ["list_head", "next", true],
    ["list_head", "prev", true],
    ["list_head", "ne", false],
    ["list_head", "next_", false],
    ["list_head", "", false],
    ["task_struct", "no_such_member", false],
    ["no_such_struct", "next", false],
    // A type of another kind: list_head is a struct, pid_t a typedef.
    ["pid_t", "next", false],
  ] as const) {
    it(`says ${expected ? "yes" : "no"} to the member ${struct}.${member}`, () => {
      using btf = new KernelBtf();
      assert.equal(btf.structHasMember(struct, member), expected);
    });
  }

  for (const [name, value, expected] of [
    ["bpf_func_id", "BPF_FUNC_map_lookup_elem", true],
    ["bpf_func_id", "BPF_FUNC_ringbuf_output", true],
    ["bpf_func_id", "BPF_FUNC_ringbuf", false],
    ["bpf_func_id", "", false],
    ["no_such_enum", "BPF_FUNC_map_lookup_elem", false],
    // A type of another kind: list_head is a struct.
    ["list_head", "next", false],
  ] as const) {
    it(`says ${expected ? "yes" : "no"} to the value ${name}.${value}`, () => {
      using btf = new KernelBtf();
      assert.equal(btf.enumHasValue(name, value), expected);
    });
  }

  it("says nothing once it is closed", () => {
    const btf = new KernelBtf();
    btf.close();
    btf.close();
    assert.throws(() => btf.structHasMember("list_head", "next"), TypeError);
  });

  it("is not to be had from a file that has none", () => {
    assert.throws(() => new KernelBtf("/proc/version"), { code: "BTF_INVALID" });
  });
});
