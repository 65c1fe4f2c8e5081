import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, describe, it } from "node:test";
import fc from "fast-check";
import { GeneratorError } from "../../tools/bpf2ts/generator-error.ts";
import { readObject } from "../../tools/bpf2ts/read-object.ts";
import { findToolchain } from "../../tools/bpf2ts/toolchain.ts";
import { generateFrom, temporaryDirectory } from "./workshop.ts";
import { zooSource } from "./zoo.ts";

describe("a corrupted object", () => {
  const directory = temporaryDirectory();
  const damaged = join(directory, "damaged.o");
  const tools = findToolchain({});
  let object: Buffer;
  let btf: { readonly start: number; readonly size: number };
  before(() => {
    generateFrom(directory, "zoo", zooSource);
    const path = join(directory, "zoo_bpfel.o");
    object = readFileSync(path);
    const line = /\.BTF +PROGBITS +\w+ (\w+) (\w+)/.exec(
      execFileSync(tools.readelf, ["--sections", "--wide", path], { encoding: "utf8" }),
    );
    btf = { start: parseInt(line?.[1] ?? "", 16), size: parseInt(line?.[2] ?? "", 16) };
  });

  /** Reads a damaged object: it must work, or fail in the way that is told to the user without a stack trace. */
  function read(bytes: Uint8Array): GeneratorError | undefined {
    writeFileSync(damaged, bytes);
    try {
      readObject(damaged, ["shape"], true, tools, { signedEnums: true });
      return undefined;
    } catch (error) {
      if (error instanceof GeneratorError) return error;
      throw error;
    }
  }

  it("is read as long as it is whole", () => {
    assert.equal(read(object), undefined);
  });

  it("is refused if it is not an object at all", () => {
    const noise = Uint8Array.from({ length: 3000 }, (_, index) => (index * 7919) >> 3);
    for (const bytes of [noise, Buffer.from("text"), Buffer.alloc(0)]) assert.ok(read(bytes));
  });

  it("is refused if its end is missing", () => {
    for (const part of [0.02, 0.3, 0.6, 0.9]) assert.ok(read(object.subarray(0, object.length * part)));
  });

  it("is refused, or read, but never crashes the generator, if bytes of its BTF have changed", () => {
    assert.ok(refusals(btf.start, btf.size, 25) > 5);
  });

  it("is refused, or read, but never crashes the generator, if any of its bytes have changed", () => {
    assert.ok(refusals(0, object.length, 25) > 1);
    assert.ok(refusals(0, 64, 10) > 1, "of the ELF header");
  });

  it("is refused in a line or two, however much a tool has to say of it", () => {
    const bytes = Buffer.from(object);
    // The name of the first section, in the table of sections.
    bytes.fill(0xff, Number(bytes.readBigUInt64LE(0x28)), Number(bytes.readBigUInt64LE(0x28)) + 4);
    const { message = "" } = read(bytes) ?? {};
    assert.ok(message !== "" && message.length < 400, message);
  });

  /** How often it is refused of so many times that bytes within a part of it have changed at random. */
  function refusals(start: number, size: number, times: number): number {
    const change = fc.record({ at: fc.nat(size - 1), to: fc.nat(255) });
    const changes = fc.sample(fc.array(change, { minLength: 1, maxLength: 4 }), { seed: 7, numRuns: times });
    return changes.filter((list) => {
      const bytes = Buffer.from(object);
      for (const { at, to } of list) bytes[start + at] = to;
      return read(bytes) !== undefined;
    }).length;
  }
});
