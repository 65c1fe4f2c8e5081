import { findElfSection } from "../../src/libbpf/elf-section.ts";

/** The bytes of a section of an object file, in place. Throws if it has none of that name. */
export function sectionBytes(file: Buffer, name: string): Buffer {
  const view = findElfSection(file, name)?.view;
  if (view === undefined) throw new Error(`the file has no section ${name}`);
  return Buffer.from(view.buffer as ArrayBuffer, view.byteOffset, view.byteLength);
}
