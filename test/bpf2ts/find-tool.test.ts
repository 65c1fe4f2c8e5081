import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, describe, it } from "node:test";
import { findTool, type Tool } from "../../tools/bpf2ts/find-tool.ts";
import { GeneratorError } from "../../tools/bpf2ts/generator-error.ts";
import { findToolchain } from "../../tools/bpf2ts/toolchain.ts";
import { temporaryDirectory } from "./workshop.ts";

describe("findTool", () => {
  const path = process.env["PATH"];
  afterEach(() => {
    process.env["PATH"] = path;
  });

  const works = "#!/bin/sh\nexit 0\n";
  const refuses = "#!/bin/sh\necho 'WARNING: frob not found for kernel 6.8.0' >&2\nexit 2\n";

  /** Makes the programs and returns the tool that may be any of them; `bin` becomes all of PATH but /bin. */
  function toolAmong(programs: Readonly<Record<string, string>>): { readonly root: string; readonly tool: Tool } {
    const root = temporaryDirectory();
    for (const [name, text] of Object.entries(programs)) {
      mkdirSync(dirname(join(root, name)), { recursive: true });
      writeFileSync(join(root, name), text, { mode: 0o755 });
    }
    process.env["PATH"] = `${join(root, "bin")}:/bin`;
    const elsewhere = [{ directory: join(root, "lib"), entry: /^frob-\d+$/, file: "bin/frob" }];
    return { root, tool: { name: "frob", probe: ["version"], elsewhere, hint: "Install the package frob." } };
  }

  it("takes the one in PATH", () => {
    const { tool } = toolAmong({ "bin/frob": works, "bin/frob-19": works });
    assert.equal(findTool(tool, undefined), "frob");
  });

  it("passes over one that does not work", () => {
    const { root, tool } = toolAmong({ "bin/frob": refuses, "lib/frob-6/bin/frob": works });
    assert.equal(findTool(tool, undefined), join(root, "lib/frob-6/bin/frob"));
  });

  it("takes the newest of those with a version in their name", () => {
    const { root, tool } = toolAmong({ "bin/frob-9": works, "bin/frob-19": works, "bin/frob-20": refuses });
    assert.equal(findTool(tool, undefined), join(root, "bin/frob-19"));
  });

  it("takes the newest of those outside PATH", () => {
    const { root, tool } = toolAmong({
      "lib/frob-9/bin/frob": works,
      "lib/frob-14/bin/frob": works,
      "lib/frob-x/bin/frob": works,
    });
    assert.equal(findTool(tool, undefined), join(root, "lib/frob-14/bin/frob"));
  });

  it("takes what it is told to, or nothing", () => {
    const { root, tool } = toolAmong({ "bin/frob": works, "own/frob": refuses });
    const own = join(root, "own/frob");
    assert.throws(() => findTool(tool, own), { message: `run ${own}: no such program that works`, hint: tool.hint });
    assert.equal(findTool(tool, join(root, "bin/frob")), join(root, "bin/frob"));
  });

  it("says what to install if there is none", () => {
    const { tool } = toolAmong({});
    assert.throws(() => findTool(tool, undefined), {
      message: "run frob: no such program that works",
      hint: tool.hint,
    });
  });
});

describe("findToolchain", () => {
  for (const [part, name] of Object.entries({ cc: "clang", strip: "llvm", readelf: "llvm", bpftool: "bpftool" })) {
    it(`names the package that a missing ${part} is in`, () => {
      assert.throws(
        () => findToolchain({ [part]: "/nowhere/tool" }),
        (error) => error instanceof GeneratorError && (error.hint ?? "").startsWith(`Install the package ${name} (`),
      );
    });
  }
});
