import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { EbpfError } from "../../src/errors.ts";
import { LibbpfError, LibbpfNotFoundError, VerifierError, findRefusal } from "../../src/libbpf/errors.ts";

const LOG = `arg#0 reference type('UNKNOWN ') size cannot be determined: -22
0: R1=ctx() R10=fp0
0: (79) r1 = *(u64 *)(r1 +0)          ; R1=scalar()
1: (61) r0 = *(u32 *)(r1 +0)
R1 invalid mem access 'scalar'
processed 2 insns (limit 1000000) max_states_per_insn 0 total_states 0 peak_states 0 mark_read 0
`;

const UNRESOLVED = `0: R1=ctx() R10=fp0
1: <invalid CO-RE relocation>
failed to resolve CO-RE relocation <byte_off> [8] struct task_struct.gone (0:0 @ offset 0)
processed 2 insns (limit 1000000) max_states_per_insn 0 total_states 0 peak_states 0 mark_read 0
`;

function refused(program: string, log: string): string {
  return `prog '${program}': -- BEGIN PROG LOAD LOG --\n${log}-- END PROG LOAD LOG --`;
}

/** What the library prints when the kernel refuses a program: libbpf 1.1, and later ones with symbols for errors. */
const refusals = {
  "libbpf 1.1": [
    "prog 'handle_exec': BPF program load failed: Permission denied",
    refused("handle_exec", LOG),
    "prog 'handle_exec': failed to load: -13",
    "failed to load object 'bootstrap'",
  ],
  "a later libbpf": [
    "prog 'handle_exec': BPF program load failed: -EACCES",
    refused("handle_exec", LOG),
    "prog 'handle_exec': failed to load: -EACCES",
    "failed to load object 'bootstrap'",
  ],
};

const NO_PRIVILEGE = [
  "Error in bpf_object__probe_loading():Operation not permitted(1). Couldn't load trivial BPF program. Make sure your " +
    "kernel supports BPF (CONFIG_BPF_SYSCALL=y) and/or that RLIMIT_MEMLOCK is set to big enough value.",
  "failed to load object 'bootstrap'",
];

describe("findRefusal", () => {
  for (const [library, messages] of Object.entries(refusals)) {
    it(`finds the program and its whole log among the messages of ${library}`, () => {
      assert.deepEqual(findRefusal(messages), { program: "handle_exec", log: LOG });
    });
  }

  it("takes the first of several, and an empty log", () => {
    assert.deepEqual(findRefusal([refused("first", ""), refused("second", LOG)]), { program: "first", log: "" });
  });

  it("finds none where the failure was another", () => {
    for (const messages of [[], NO_PRIVILEGE, ["prog 'x': -- BEGIN PROG LOAD LOG --\ncut off"], [LOG]]) {
      assert.equal(findRefusal(messages), undefined);
    }
  });
});

describe("VerifierError", () => {
  for (const [library, messages] of Object.entries(refusals)) {
    it(`says in one line what the verifier minds, and keeps all of it (${library})`, () => {
      const error = new VerifierError("load the BPF object", 13, messages, { program: "handle_exec", log: LOG });
      assert.equal(
        error.message,
        "load the BPF object: EACCES (the verifier refused handle_exec: R1 invalid mem access 'scalar')",
      );
      assert.equal(error.name, "VerifierError");
      assert.equal(error.code, "VERIFIER_REFUSED");
      assert.equal(error.errno, 13);
      assert.equal(error.program, "handle_exec");
      assert.equal(error.log, LOG);
      assert.deepEqual(error.messages.slice(1), messages);
      assert.ok(error instanceof LibbpfError && error instanceof EbpfError);
    });
  }

  for (const [name, log, summary] of [
    [
      "a relocation that the kernel's types do not allow",
      UNRESOLVED,
      "failed to resolve CO-RE relocation <byte_off> [8] struct task_struct.gone (0:0 @ offset 0)",
    ],
    ["a log without statistics", "first\nlast\n", "last"],
    ["an empty log", "", "no reason given"],
    ["a log of statistics only", "verification time 12 usec\nprocessed 0 insns (limit 1000000)\n", "no reason given"],
  ] as const) {
    it(`finds the line that matters in ${name}`, () => {
      const error = new VerifierError("load", 22, [], { program: "p", log });
      assert.equal(error.message, `load: EINVAL (the verifier refused p: ${summary})`);
    });
  }
});

describe("LibbpfError", () => {
  for (const [errno, messages, message] of [
    [2, [], "open BPF object x: ENOENT"],
    [1, NO_PRIVILEGE, `open BPF object x: EPERM (${NO_PRIVILEGE[0] ?? ""})`],
    [22, ["first line\nsecond line", "because of it"], "open BPF object x: EINVAL (first line)"],
    [524, [], "open BPF object x: ENOTSUPP"],
    [3999, [], "open BPF object x: errno 3999"],
    [4000, [], "open BPF object x: LIBBPF_ERRNO__LIBELF"],
    [4001, ["not a proper ELF object"], "open BPF object x: LIBBPF_ERRNO__FORMAT (not a proper ELF object)"],
    [4007, [], "open BPF object x: LIBBPF_ERRNO__VERIFY"],
    [4095, [], "open BPF object x: errno 4095"],
  ] as const) {
    it(`says '${message.slice(0, 60)}'`, () => {
      const error = new LibbpfError("open BPF object x", errno, messages);
      assert.equal(error.message, message);
      assert.equal(error.code, "LIBBPF_FAILED");
      assert.equal(error.operation, "open BPF object x");
      assert.equal(error.errno, errno);
      assert.deepEqual(error.messages, messages);
    });
  }
});

describe("LibbpfNotFoundError", () => {
  it("says how to get the library", () => {
    const cause = new Error("dlopen");
    const error = new LibbpfNotFoundError("it is not installed", cause);
    assert.equal(error.message, "load libbpf.so.1: it is not installed");
    assert.equal(error.code, "LIBBPF_NOT_FOUND");
    assert.equal(error.cause, cause);
    assert.match(error.hint ?? "", /apt install libbpf1/);
  });
});
