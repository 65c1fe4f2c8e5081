import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { EbpfError } from "../../src/errors.ts";
import { LibbpfError, LibbpfNotFoundError, VerifierError } from "../../src/libbpf/errors.ts";
import { explainLoadError } from "../../src/machine/explain.ts";
import type { Machine } from "../../src/machine/machine.ts";
import { ALL, machineWith } from "./machines.ts";

const denied = new LibbpfError("load the BPF object", 1, []);
const refused = new VerifierError("load the BPF object", 22, [], { program: "handle_exec", log: "R0 is wrong\n" });
const other = new LibbpfError("load the BPF object", 3, []);
const without = { capabilities: { effective: 0n, bounding: ALL } };
const noTypes = { kernelTypes: undefined, btfHoldsTypes: false, btfUnreadable: "ENOENT" };
const oldTypes = { lacks: ["BPF ring buffer"], limitsLockedMemory: true };

type Case = [error: EbpfError, machine: Partial<Machine>, check: string, code: string];

const cases: readonly Case[] = [
  [denied, without, "capabilities", "NOT_PERMITTED"],
  [denied, { ...without, seccompFiltered: true }, "capabilities", "NOT_PERMITTED"],
  [denied, { inInitialUserNamespace: false }, "user_namespace", "BPF_BLOCKED"],
  [denied, { ...without, inInitialUserNamespace: false }, "user_namespace", "BPF_BLOCKED"],
  [denied, { lockdown: "confidentiality", seccompFiltered: true }, "lockdown", "BPF_BLOCKED"],
  [denied, { seccompFiltered: true }, "seccomp", "BPF_BLOCKED"],
  [denied, {}, "lsm", "BPF_BLOCKED"],
  [new LibbpfError("load the BPF object", 13, []), {}, "lsm", "BPF_BLOCKED"],
  [new LibbpfError("load the BPF object", 38, []), {}, "bpf_syscall", "BPF_BLOCKED"],
  [new LibbpfError("load the BPF object", 38, []), { seccompFiltered: true }, "seccomp", "BPF_BLOCKED"],
  [
    new LibbpfError("load the BPF object", 38, []),
    { seccompFiltered: true, kernelConfig: () => "n" },
    "bpf_syscall",
    "BPF_BLOCKED",
  ],
  [new EbpfError("OBJECT_LACKS", "it has no program"), {}, "object", "OBJECT_LACKS"],
  [other, { btfPath: "/tmp/other.btf" }, "btf", "NO_KERNEL_BTF"],
  [other, noTypes, "btf", "NO_KERNEL_BTF"],
  [other, { kernelTypes: oldTypes }, "kernel", "KERNEL_TOO_OLD"],
  [other, {}, "test", "LIBBPF_FAILED"],
  [refused, {}, "test", "VERIFIER_REFUSED"],
  [refused, { openFilesLimit: 30 }, "open_files", "LIMIT_REACHED"],
  [refused, without, "capabilities", "NOT_PERMITTED"],
  [new EbpfError("OBJECT_NOT_FOUND", "open it: ENOENT"), {}, "object", "OBJECT_NOT_FOUND"],
  [new EbpfError("MMAP_FAILED", "map it: ENOMEM", { errno: 12 }), {}, "memory", "LIMIT_REACHED"],
  [new LibbpfError("load the BPF object", 12, []), without, "memory", "LIMIT_REACHED"],
  [new LibbpfError("attach handle_exec", 24, []), {}, "open_files", "LIMIT_REACHED"],
  [new LibbpfError("attach handle_exec", 23, []), {}, "open_files", "LIMIT_REACHED"],
  [
    new VerifierError("load the BPF object", 24, [], { program: "handle_exec", log: "" }),
    {},
    "open_files",
    "LIMIT_REACHED",
  ],
  [new EbpfError("MMAP_FAILED", "map it: EINVAL", { errno: 22 }), { btfPath: "/tmp/other.btf" }, "test", "MMAP_FAILED"],
];

describe("explainLoadError", () => {
  for (const [error, machine, check, code] of cases) {
    it(`explains ${error.message} by ${check} on ${JSON.stringify(Object.keys(machine))}`, () => {
      const explained = explainLoadError(error, machineWith(machine));
      assert.deepEqual([explained.finding?.check, explained.finding?.status], [check, "missing"]);
      assert.equal(explained.code, code);
      assert.equal(explained.cause, error);
      assert.deepEqual([explained.errno, explained.operation], [error.errno, error.operation]);
      assert.equal(explained.message, `${explained.failure}: ${explained.finding?.text ?? ""}`);
      assert.equal(explained.hint, explained.finding?.fixes.join("\n"));
      assert.ok(explained.hint !== undefined && explained.hint !== "", "it says what to do");
    });
  }

  it("says that a seccomp filter may be why, where that may be", () => {
    const invalid = new LibbpfError("load the BPF object", 22, []);
    const hintOf = (error: EbpfError, seccompFiltered: boolean) =>
      explainLoadError(error, machineWith({ seccompFiltered })).hint ?? "";
    assert.match(hintOf(invalid, true), /^The seccomp filter .*may have.*\nElse this is a bug, /);
    assert.match(hintOf(invalid, false), /^This is a bug, /);
    assert.match(hintOf(refused, true), /^This is a bug, /);
  });

  it("says that the object may be damaged, where libbpf or the kernel made nothing of it", () => {
    const hintOf = (error: EbpfError) => explainLoadError(error, machineWith()).hint ?? "";
    assert.match(hintOf(refused), /\nOr the compiled BPF programs are damaged\. .*`make build`/);
    assert.match(hintOf(other), /\nOr the compiled BPF programs are damaged\. .*`make build`/);
    assert.doesNotMatch(hintOf(new EbpfError("MMAP_FAILED", "map it: EINVAL", { errno: 22 })), /damaged/);
  });

  it("names libbpf's own errors", () => {
    const explained = explainLoadError(new LibbpfError("load the BPF object", 4001, []), machineWith());
    assert.equal(explained.message, "load BPF programs: load the BPF object: LIBBPF_ERRNO__FORMAT");
    const corrupt = new LibbpfError("load the BPF object", 4003, []);
    const { failure } = explainLoadError(corrupt, machineWith({ btfPath: "/tmp/other.btf" }));
    assert.equal(failure, "load BPF programs: LIBBPF_ERRNO__ENDIAN");
  });

  it("leaves alone what is explained already", () => {
    const error = new LibbpfNotFoundError("it is not installed");
    assert.equal(explainLoadError(error, machineWith(without)), error);
  });

  it("does not explain a bug", () => {
    const bug = new TypeError("x is not a function");
    assert.throws(() => explainLoadError(bug, machineWith(without)), bug);
  });
});
