import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, it } from "node:test";
import { sectionData } from "./section-data.ts";
import { bothTargets, generateFrom, importModule, temporaryDirectory } from "./workshop.ts";
import { zooSource, zooUnions, zooValues } from "./zoo.ts";

describe("decoders, on bytes that the compiler laid out", async () => {
  const directory = temporaryDirectory();
  generateFrom(directory, "zoo", zooSource);

  for (const target of bothTargets) {
    const object = join(directory, `zoo_${target}.o`);
    const sections: Readonly<Record<string, DataView>> = {
      ".data": sectionData(object, ".data"),
      ".rodata": sectionData(object, ".rodata"),
    };
    const { variables } = await importModule(directory, "zoo", target);
    const expected: Readonly<Record<string, unknown>> = { ...zooValues, ...zooUnions[target] };

    it(`${target}: lists every variable`, () => {
      assert.deepEqual(Object.keys(variables), Object.keys(expected).sort());
    });

    for (const [name, { section, offset, size, decode }] of Object.entries(variables)) {
      it(`${target}: ${name}`, () => {
        // What is zero lies in .bss, of which an object holds no bytes.
        const view = sections[section] ?? new DataView(new ArrayBuffer(offset + size));
        assert.deepEqual(decode(view, offset), expected[name]);
      });
    }
  }
});
