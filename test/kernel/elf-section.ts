import { endianness } from "node:os";

const littleEndian = endianness() === "LE";

/** The bytes of a section of a 64-bit ELF file of this machine's byte order, in place; see elf(5). */
export function elfSection(file: Buffer, name: string): Buffer {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const headers = Number(view.getBigUint64(0x28, littleEndian));
  const [size, count, names] = [0x3a, 0x3c, 0x3e].map((at) => view.getUint16(at, littleEndian));
  const bytesOf = (index: number) => {
    const at = headers + index * (size ?? 0);
    const offset = Number(view.getBigUint64(at + 0x18, littleEndian));
    return file.subarray(offset, offset + Number(view.getBigUint64(at + 0x20, littleEndian)));
  };
  const texts = bytesOf(names ?? 0);
  for (let index = 0; index < (count ?? 0); index++) {
    const start = view.getUint32(headers + index * (size ?? 0), littleEndian);
    if (texts.subarray(start, texts.indexOf(0, start)).toString() === name) return bytesOf(index);
  }
  throw new Error(`the file has no section ${name}`);
}
