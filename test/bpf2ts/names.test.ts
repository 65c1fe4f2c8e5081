import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { camelCase, createScope, claim, isPadding, pascalCase, typeName } from "../../tools/bpf2ts/names.ts";

describe("names", () => {
  const pascal: readonly (readonly [c: string, typescript: string])[] = [
    ["exec_event", "ExecEvent"],
    ["event", "Event"],
    ["FooBar", "FooBar"],
    ["HTTP_request", "HTTPRequest"],
    ["__sk_buff", "SkBuff"],
    ["a__b_", "AB"],
    ["ipv4_2", "Ipv42"],
    ["_3d", "_3d"],
    ["_", "_"],
  ];
  for (const [c, typescript] of pascal) {
    it(`${c} becomes ${typescript}`, () => {
      assert.equal(pascalCase(c), typescript);
      assert.equal(pascalCase(typescript), typescript);
    });
  }

  it("begin in lower case for constants", () => {
    assert.equal(camelCase("ExecEvent"), "execEvent");
  });

  it("step aside for the globals that generated code uses", () => {
    assert.deepEqual(["object", "data_view", "event"].map(typeName), ["Object_", "DataView_", "Event"]);
  });

  it("are taken once", () => {
    const scope = createScope();
    claim(scope, "Foo", "struct foo");
    assert.throws(() => {
      claim(scope, "Foo", "union Foo");
    }, /^GeneratorError: name union Foo: its TypeScript name Foo is already that of struct foo$/);
  });

  it("of padding are told from others", () => {
    const padding = ["pad", "_pad", "__pad", "pad1", "_pad_2", "padding", "__padding3"];
    assert.deepEqual([...padding, "padded", "pad_a", "paddle", "mypad", "_", "reserved"].filter(isPadding), padding);
  });
});
