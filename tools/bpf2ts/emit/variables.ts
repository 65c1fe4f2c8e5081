import { isWritable, type Value, type Variable } from "../model.ts";
import { printArrow, printExpression, type Expression } from "./expression.ts";
import { readValue } from "./read.ts";
import { typeText } from "./type-text.ts";
import { writeValue } from "./write.ts";

/** Returns the declarations of the object's global variables. */
export function emitVariables(variables: readonly Variable[], littleEndian: boolean): string[] {
  const types = variables.map(({ name, value }) => `  ${name}: ${typeText(value)};\n`);
  const entries = variables.map((variable) => emitVariable(variable, littleEndian));
  return [
    variableInterface,
    "/** What the object's global variables hold, by name. */\n" +
      (types.length === 0
        ? "export type Variables = Record<string, never>;"
        : `export interface Variables {\n${types.join("")}}`),
    "/** The object's global variables, by name. */\n" +
      "export const variables: { readonly [Name in keyof Variables]: Variable<Variables[Name]> } = " +
      (entries.length === 0 ? "{};" : `{\n${entries.join("\n")}\n};`),
  ];
}

const variableInterface = `\
/** Where a global variable lies in its section, and how it is converted. */
export interface Variable<Value> {
  /** The ELF section, and so the map in which libbpf keeps the variable: \`.rodata\`, \`.data\`, \`.bss\`, … */
  readonly section: string;
  /** Bytes from the start of the section. */
  readonly offset: number;
  /** Bytes that the variable takes. */
  readonly size: number;
  /** Whether the kernel freezes the variable when the object is loaded. */
  readonly constant: boolean;
  /** Reads the variable, which begins \`offset\` bytes into \`view\`. */
  readonly decode: (view: DataView, offset: number) => Value;
  /**
   * Writes the variable, which begins \`offset\` bytes into \`view\`. Throws a RangeError if the value is outside the C type,
   * and a TypeError if that contains a union or a bit-field, which can be decoded only.
   */
  readonly encode: (view: DataView, offset: number, value: Value) => void;
}`;

function emitVariable({ name, section, offset, size, constant, value }: Variable, littleEndian: boolean): string {
  const read = readValue(value, "offset", littleEndian);
  return [
    `  ${name}: {`,
    `    section: ${JSON.stringify(section)},`,
    `    offset: ${offset},`,
    `    size: ${size},`,
    `    constant: ${String(constant)},`,
    printArrow("    ", "decode: (view, offset) =>", read, ","),
    ...encoder(name, value, littleEndian),
    "  },",
  ].join("\n");
}

function encoder(name: string, value: Value, littleEndian: boolean): string[] {
  if (!isWritable(value)) {
    const reason = `${name} cannot be encoded: its type contains a union or a bit-field`;
    const error: Expression = { callee: "new TypeError", args: [JSON.stringify(reason)] };
    return ["    encode: () => {", printExpression("      ", "throw ", error, ";"), "    },"];
  }
  const write = writeValue(value, "offset", "value", littleEndian, "      ");
  return ["    encode: (view, offset, value) => {", write, "    },"];
}
