const MAGIC = 0x7f45_4c46;
const CLASS_64 = 2;
const HEADER_SIZE = 64;

/** A section of an ELF file, in place. */
export interface ElfSection {
  readonly view: DataView;
  readonly littleEndian: boolean;
}

/** Finds a section of a 64-bit ELF file by its name, as elf(5) describes it; undefined if it is not there, or cut. */
export function findElfSection(file: Uint8Array, name: string): ElfSection | undefined {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (view.byteLength < HEADER_SIZE || view.getUint32(0) !== MAGIC || view.getUint8(4) !== CLASS_64) return undefined;
  const littleEndian = view.getUint8(5) === 1;
  const table = Number(view.getBigUint64(0x28, littleEndian));
  const [size, count, namesIndex] = [0x3a, 0x3c, 0x3e].map((at) => view.getUint16(at, littleEndian)) as [
    number,
    number,
    number,
  ];
  if (size < HEADER_SIZE || table + size * count > view.byteLength || namesIndex >= count) return undefined;

  const contentOf = (index: number): DataView | undefined => {
    const header = table + size * index;
    const [offset, length] = [0x18, 0x20].map((at) => Number(view.getBigUint64(header + at, littleEndian))) as [
      number,
      number,
    ];
    if (offset + length > view.byteLength) return undefined;
    return new DataView(file.buffer, file.byteOffset + offset, length);
  };
  const names = contentOf(namesIndex);
  if (names === undefined) return undefined;
  const wanted = Buffer.from(`${name}\0`);
  const texts = Buffer.from(names.buffer, names.byteOffset, names.byteLength);
  for (let index = 1; index < count; index++) {
    const at = view.getUint32(table + size * index, littleEndian);
    if (!texts.subarray(at, at + wanted.length).equals(wanted)) continue;
    const content = contentOf(index);
    return content && { view: content, littleEndian };
  }
  return undefined;
}
