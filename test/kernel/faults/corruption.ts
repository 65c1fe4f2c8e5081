import { sectionBytes } from "../section-bytes.ts";

/** Where a copy is changed: in which part of the file. */
const parts = [".BTF", ".BTF.ext", ".maps", ".symtab", ".strtab", "tp_btf/sched_process_exec"] as const;

/** A copy of an object in which something has been changed, always the same for a number. */
export function corrupted(object: Buffer, number: number): Buffer {
  const random = generator(number + 1);
  const copy = Buffer.from(object);
  const kind = number % (parts.length + 3);
  if (kind === 0) return copy.subarray(0, random(copy.length));
  const part = parts[kind - 1];
  const region = part !== undefined ? sectionBytes(copy, part) : kind === parts.length + 1 ? headersOf(copy) : copy;
  for (let changes = 1 + random(4); changes > 0; changes--) region[random(region.length)] = random(256);
  return copy;
}

/** The section headers, which come last. */
function headersOf(object: Buffer): Buffer {
  const littleEndian = object[5] === 1;
  const at = littleEndian ? object.readBigUInt64LE(0x28) : object.readBigUInt64BE(0x28);
  return object.subarray(Number(at));
}

/** Numbers below a limit, the same sequence for the same seed: xorshift of 32 bits. */
function generator(seed: number): (limit: number) => number {
  let state = Math.imul(seed, 0x9e37_79b1) | 1;
  return (limit) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
}
