import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, it } from "node:test";
import fc from "fast-check";
import { sectionData } from "./section-data.ts";
import { bothTargets, generateFrom, importModule, temporaryDirectory } from "./workshop.ts";

/** A member of a random struct: a C integer type, bit-field or not, and the bits of its value. */
interface RandomField {
  readonly cType: string;
  readonly bits: number;
  readonly signed: boolean;
  /** 0 for a member that is no bit-field. */
  readonly width: number;
  readonly raw: bigint;
}

interface RandomStruct {
  readonly packed: boolean;
  readonly fields: readonly RandomField[];
}

describe("decoders of random structs, on bytes that the compiler laid out", async () => {
  const structs = fc.sample(randomStruct(), { seed: 20261123, numRuns: 150 });
  const directory = temporaryDirectory();
  generateFrom(directory, "random", structs.map(declaration).join("\n"));

  for (const target of bothTargets) {
    const { variables } = await importModule(directory, "random", target);
    const data = sectionData(join(directory, `random_${target}.o`), ".data");

    it(`${target}: every field has its value`, () => {
      for (const [index, struct] of structs.entries()) {
        const variable = variables[`v${index}`];
        assert.ok(variable);
        assert.deepEqual(variable.decode(data, variable.offset), expectedValue(struct), declaration(struct, index));
      }
    });

    it(`${target}: structs without bit-fields are encoded to the same bytes`, () => {
      for (const [index, struct] of structs.entries()) {
        const variable = variables[`v${index}`];
        assert.ok(variable);
        const copy = new DataView(new ArrayBuffer(variable.size));
        if (struct.fields.some(({ width }) => width > 0)) {
          assert.throws(() => {
            variable.encode(copy, 0, expectedValue(struct));
          }, TypeError);
        } else {
          variable.encode(copy, 0, expectedValue(struct));
          assert.deepEqual(variable.decode(copy, 0), expectedValue(struct));
        }
      }
    });
  }
});

function randomStruct(): fc.Arbitrary<RandomStruct> {
  const types = Object.entries({ char: 8, short: 16, int: 32, "long long": 64 }).flatMap(([name, bits]) => [
    { cType: `signed ${name}`, bits, signed: true },
    { cType: `unsigned ${name}`, bits, signed: false },
  ]);
  const field = fc.constantFrom(...types).chain((type) =>
    fc.record({
      cType: fc.constant(type.cType),
      bits: fc.constant(type.bits),
      signed: fc.constant(type.signed),
      width: fc.oneof(
        { arbitrary: fc.constant(0), weight: 1 },
        { arbitrary: fc.integer({ min: 1, max: type.bits }), weight: 4 },
      ),
      raw: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
    }),
  );
  return fc.record({ packed: fc.boolean(), fields: fc.array(field, { minLength: 1, maxLength: 8 }) });
}

/** A value of all zeros would lie in .bss; the last member keeps the variable in .data. */
function declaration({ packed, fields }: RandomStruct, index: number): string {
  const members = fields.map(({ cType, width }, at) => `${cType} f${at}${width === 0 ? "" : ` : ${width}`};`);
  const values = fields.map(({ raw, bits, width }) => `${BigInt.asUintN(width === 0 ? bits : width, raw)}ULL`);
  const attribute = packed ? "__attribute__((packed)) " : "";
  return `struct ${attribute}s${index} { ${members.join(" ")} signed char last; } v${index} = { ${values.join(", ")}, 1 };`;
}

function expectedValue({ fields }: RandomStruct): Readonly<Record<string, unknown>> {
  const entries = fields.map(({ raw, bits, signed, width }, at) => {
    const used = width === 0 ? bits : width;
    const value = signed ? BigInt.asIntN(used, raw) : BigInt.asUintN(used, raw);
    return [`f${at}`, used > 32 ? value : Number(value)] as const;
  });
  return { ...Object.fromEntries(entries), last: 1 };
}
