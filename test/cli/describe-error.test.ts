import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { describeError } from "../../src/cli/describe-error.ts";
import { EbpfError } from "../../src/errors.ts";

const BUG = "This is a bug: please report it, with what --verbose prints.\n";
const plain = new EbpfError("X", "load it: it is gone");
const hinted = new EbpfError("X", "load it: it is gone", { hint: "Bring it back.", cause: new Error("the cause") });

describe("describeError", () => {
  for (const [name, error, text] of [
    ["an expected error", plain, "ebpf-bootstrap: load it: it is gone\n"],
    ["its hint", hinted, "ebpf-bootstrap: load it: it is gone\nBring it back.\n"],
    ["an unexpected error", new TypeError("x is not a function"), `ebpf-bootstrap: x is not a function\n${BUG}`],
    ["what is no error", "thrown text", `ebpf-bootstrap: thrown text\n${BUG}`],
    ["nothing", undefined, `ebpf-bootstrap: undefined\n${BUG}`],
  ] as const) {
    it(`shows ${name}, without a stack trace`, () => {
      assert.equal(describeError(error, { verbose: false }), text);
    });
  }

  it("shows where it happened, and all causes, if verbose", () => {
    const inner = new TypeError("the innermost");
    const middle = new EbpfError("Y", "the middle", { cause: inner });
    const text = describeError(new EbpfError("X", "the outer", { hint: "Do this.", cause: middle }), { verbose: true });
    assert.ok(text.startsWith("ebpf-bootstrap: the outer\nDo this.\n"));
    for (const part of ["the outer", "the middle", "TypeError: the innermost"]) {
      assert.match(text, new RegExp(`${part}\n +at .*describe-error\\.test\\.ts`));
    }
    assert.ok(text.endsWith("\n"));
  });

  it("shows a cause that is no error, or none", () => {
    const text = describeError(new EbpfError("X", "outer", { cause: "text" }), { verbose: true });
    assert.ok(text.startsWith("ebpf-bootstrap: outer\n"));
    assert.equal(describeError("thrown text", { verbose: true }), "ebpf-bootstrap: thrown text\n");
  });
});
