import type { RecordType } from "../model.ts";
import { camelCase } from "../names.ts";
import { lineWidth, printExpression } from "./expression.ts";
import { readValue } from "./read.ts";
import { typeText } from "./type-text.ts";
import { writeValue } from "./write.ts";

/** Returns the declarations of a struct or union: interface, size, offsets and decoder. */
export function emitRecord(record: RecordType, littleEndian: boolean): string[] {
  const { name, cName, size, fields } = record;
  const camel = camelCase(name);
  return [
    `/** ${capitalize(cName)}. */\nexport interface ${name} {\n${fields
      .map((field) => `  readonly ${field.name}: ${typeText(field.value)};\n`)
      .join("")}}`,
    `/** The bytes that ${cName} takes. */\nexport const ${camel}Size = ${size};`,
    `/** Where the fields of ${cName} begin, in bytes from its start. */\n` +
      offsets(`export const ${camel}Offsets = `, record),
    `/** Decodes the ${cName.replace(/^the /, "")} that begins \`offset\` bytes into \`view\`. */\n${decoder(record, littleEndian)}`,
  ];
}

/** Returns the function that writes a record of which no fields share bytes. */
export function emitEncoder({ name, cName, fields }: RecordType, littleEndian: boolean): string {
  const statements = fields.map(({ name: field, offset, value }) =>
    writeValue(value, plus("offset", offset), `value.${field}`, littleEndian, "  "),
  );
  const head = signature(`function encode${name}`, ["view: DataView", "offset: number", `value: ${name}`], "void");
  return `/** Encodes ${cName} at \`offset\` bytes into \`view\`. */\n${head}\n${statements.join("\n")}\n}`;
}

function decoder({ name, fields }: RecordType, littleEndian: boolean): string {
  const properties = fields.map(({ name: field, offset, value }) =>
    printExpression("    ", `${field}: `, readValue(value, plus("offset", offset), littleEndian), ","),
  );
  const head = signature(`export function decode${name}`, ["view: DataView", "offset: number"], name);
  return `${head}\n  return {\n${properties.join("\n")}\n  };\n}`;
}

/** Bit-fields have no offset in whole bytes. */
function offsets(head: string, { fields, flexible }: RecordType): string {
  const placed = fields.filter(({ value }) => value.kind !== "bits");
  const lines = [...placed, ...(flexible === undefined ? [] : [flexible])].map(
    ({ name, offset }) => `  ${name}: ${offset},\n`,
  );
  return lines.length === 0 ? printExpression("", head, "{} as const", ";") : `${head}{\n${lines.join("")}} as const;`;
}

function signature(head: string, parameters: readonly string[], result: string): string {
  const line = `${head}(${parameters.join(", ")}): ${result} {`;
  return line.length <= lineWidth
    ? line
    : `${head}(\n${parameters.map((each) => `  ${each},\n`).join("")}): ${result} {`;
}

function plus(base: string, offset: number): string {
  return offset === 0 ? base : `${base} + ${offset}`;
}

function capitalize(text: string): string {
  return text.replace(/^the /, "The ");
}
