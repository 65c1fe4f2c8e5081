import type { FlatMember } from "./flatten-members.ts";
import { malformed } from "./json-fields.ts";
import { valueSize, type BitsValue, type Field, type Value } from "./model.ts";

/**
 * Returns where to read a bit-field and how to cut it out of what was read. Reads the smallest integer that contains all
 * of it and lies within the record, aligned if possible; a field of a packed struct may leave only an odd number of bytes.
 */
export function convertBits(
  { name, bitOffset, bitWidth }: FlatMember,
  declared: Value,
  recordSize: number,
  littleEndian: boolean,
): Pick<Field, "offset" | "value"> {
  const first = Math.floor(bitOffset / 8);
  const end = Math.ceil((bitOffset + bitWidth) / 8);
  if (end > recordSize || bitWidth > 8 * valueSize(declared)) throw malformed(`bit-field ${name}`, "is too wide");
  const { offset, size } = chooseUnit(first, end, recordSize);
  const shift = littleEndian ? bitOffset - 8 * offset : 8 * (offset + size) - (bitOffset + bitWidth);
  return { offset, value: { kind: "bits", size, shift, width: bitWidth, result: resultOf(name, declared) } };
}

function chooseUnit(
  first: number,
  end: number,
  recordSize: number,
): { readonly offset: number; readonly size: number } {
  const units = [1, 2, 4, 8].flatMap((size) => {
    const aligned = { offset: first - (first % size), size };
    return [aligned, { offset: Math.min(first, recordSize - size), size }];
  });
  const fits = units.find(({ offset, size }) => offset >= 0 && offset + size >= end && offset + size <= recordSize);
  return fits ?? { offset: first, size: end - first };
}

function resultOf(name: string, declared: Value): BitsValue["result"] {
  if (declared.kind === "boolean") return "boolean";
  if (declared.kind === "integer") return declared.signed ? "signed" : "unsigned";
  throw malformed(`bit-field ${name}`, "is not of an integer type");
}
