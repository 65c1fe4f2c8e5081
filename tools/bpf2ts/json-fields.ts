import { GeneratorError } from "./generator-error.ts";

/** An object out of untrusted JSON, and where it stands, for messages. */
export interface JsonObject {
  readonly where: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Returns `value` as an object; throws if it is anything else. */
export function asObject(value: unknown, where: string): JsonObject {
  if (typeof value === "object" && value !== null) return { where, fields: { ...value } };
  throw malformed(where, "is not an object");
}

/** Returns the named non-negative integer; throws if there is none. */
export function integerField(object: JsonObject, name: string): number {
  const value = object.fields[name];
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return value;
  throw malformed(object.where, `has no valid "${name}"`);
}

/** Returns the named string; throws if there is none. */
export function stringField(object: JsonObject, name: string): string {
  const value = object.fields[name];
  if (typeof value === "string") return value;
  throw malformed(object.where, `has no valid "${name}"`);
}

/** Returns the objects of the named array; throws if there is none. */
export function listField(object: JsonObject, name: string): JsonObject[] {
  const value: unknown = object.fields[name];
  if (!Array.isArray(value)) throw malformed(object.where, `has no list "${name}"`);
  return value.map((item, index) => asObject(item, `${object.where}, ${name}[${index}]`));
}

/** The error for BTF that is not what bpftool and the compiler promise. */
export function malformed(where: string, problem: string): GeneratorError {
  return new GeneratorError(
    `read the BTF: ${where} ${problem}`,
    "The object file is damaged, or bpftool is too old for it.",
  );
}
