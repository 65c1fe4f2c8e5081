import { GeneratorError } from "./generator-error.ts";
import { run } from "./run.ts";

/** A symbol of an object file, with the section it lies in. */
export interface ElfSymbol {
  readonly name: string;
  /** `FUNC`, `OBJECT`, … as readelf prints it. */
  readonly type: string;
  readonly global: boolean;
  readonly section: ElfSection;
  /** Bytes from the start of the section. */
  readonly offset: number;
  readonly size: number;
}

/** A section of an object file. */
export interface ElfSection {
  readonly name: string;
  readonly executable: boolean;
}

/**
 * Returns the symbols of an object that lie in a section of it. Reads the wide GNU form of readelf, because it has been
 * the same in every LLVM release and in GNU binutils, while LLVM's JSON form changed its shape between 14 and 17.
 */
export function readSymbols(object: string, readelf: string): ElfSymbol[] {
  const output = run(`read the symbols of ${object}`, readelf, ["--sections", "--symbols", "--wide", object]);
  const lines = output.split("\n");
  const sections = new Map(lines.flatMap(parseSection));
  if (sections.size === 0) throw new GeneratorError(`read the symbols of ${object}: ${readelf} lists no sections`);
  return lines.flatMap((line) => parseSymbol(line, sections));
}

/** `  [ 4] tp_btf/exec PROGBITS 0000000000000000 000070 000130 00  AX  0   0  8`; a section's name may hold spaces. */
const sectionLine =
  /^\s*\[\s*(\d+)\] (.*?)\s+\S+\s+[0-9a-f]{16} [0-9a-f]+ [0-9a-f]+ [0-9a-f]+\s+([A-Za-z]*)\s+\d+\s+\d+\s+\d+$/;

function parseSection(line: string): [string, ElfSection][] {
  const [, index, name, flags] = sectionLine.exec(line) ?? [];
  if (index === undefined || name === undefined || flags === undefined) return [];
  return [[index, { name, executable: flags.includes("X") }]];
}

/** `     7: 0000000000000000   216 FUNC    GLOBAL DEFAULT     4 handle_exec`; binutils prints large sizes in hex. */
const symbolLine = /^\s*\d+: ([0-9a-f]{16})\s+(\d+|0x[0-9a-f]+) (\w+)\s+(\w+)\s+\w+\s+(?:\[.*?\]\s+)?(\d+) (\S+)$/;

function parseSymbol(line: string, sections: ReadonlyMap<string, ElfSection>): ElfSymbol[] {
  const [, value, size, type, binding, index, name] = symbolLine.exec(line) ?? [];
  const section = sections.get(index ?? "");
  if (value === undefined || type === undefined || name === undefined || section === undefined) return [];
  const global = binding === "GLOBAL" || binding === "WEAK";
  return [{ name, type, global, section, offset: Number(`0x${value}`), size: Number(size) }];
}
