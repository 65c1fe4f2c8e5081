const units = new Map([
  ["", 1],
  ["b", 1],
  ["k", 1024],
  ["kib", 1024],
  ["m", 1024 ** 2],
  ["mib", 1024 ** 2],
  ["g", 1024 ** 3],
  ["gib", 1024 ** 3],
]);

/** The kernel addresses ring records by 32-bit page counts; beyond this its own checks begin to differ by version. */
const LARGEST_RING = 1024 ** 3;

/** Reads a number of bytes: `4194304`, `256KiB`, `4MiB`. Returns it, or what is wrong as a sentence. */
export function parseBytes(text: string): number | string {
  const match = /^(\d+)\s*([a-z]*)$/i.exec(text);
  const unit = units.get(match?.[2]?.toLowerCase() ?? "");
  if (match === null || unit === undefined)
    return "It takes a number of bytes, KiB, MiB or GiB: 65536, 256KiB or 1MiB.";
  return Number(match[1]) * unit;
}

/** Reads a ring size. Returns bytes, or what is wrong as a sentence. */
export function parseRingSize(text: string): number | string {
  const size = parseBytes(text);
  if (typeof size === "string") return size;
  if (size === 0 || !Number.isInteger(Math.log2(size))) return "The size must be a power of two: 256KiB, 1MiB, 4MiB.";
  return size > LARGEST_RING ? "The size can be 1GiB at most." : size;
}
