import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";

const path = new URL("../../../docs/process-event.schema.json", import.meta.url);
const validate = new Ajv2020({ allErrors: true, strict: false }).compile(
  JSON.parse(readFileSync(path, "utf8")) as Record<string, unknown>,
);

/** The first few records that break the schema of the output, each with what it breaks. */
export function findViolations(records: readonly unknown[]): string[] {
  const found: string[] = [];
  for (const record of records) {
    if (validate(record)) continue;
    const reasons = (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message ?? ""}`);
    found.push(`${JSON.stringify(record)}: ${reasons.join("; ")}`);
    if (found.length === 3) break;
  }
  return found;
}
