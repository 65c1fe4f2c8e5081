import { wire } from "./wire.ts";

/** Reads the texts that follow the fixed part of a record, one after the other; each is as long as its record says. */
export class RecordText {
  readonly #data: DataView;
  readonly #end: number;
  #at: number;

  /** The texts lie between these two offsets. */
  constructor(data: DataView, start: number, end: number) {
    this.#data = data;
    this.#at = start;
    this.#end = end;
  }

  /** A string with its NUL; undefined if it is not there. */
  string(size: number): string | undefined {
    const at = this.#take(size);
    return size === 0 ? undefined : wire.decodeText(this.#data, at, size);
  }

  /** A path, from its last name to its first, each with a NUL; undefined if it is not there. */
  path(size: number): string | undefined {
    const names = this.strings(size);
    if (names === undefined) return undefined;
    // The root has no name but its own; what was never in a directory has one name, and is no path from the root.
    if (names.length === 1 && names[0] === "/") return "/";
    return `/${names.reverse().join("/")}`;
  }

  /** Strings, each with a NUL, the last one perhaps without; undefined if there are none. */
  strings(size: number): string[] | undefined {
    const at = this.#take(size);
    if (size === 0) return undefined;
    const bytes = Buffer.from(this.#data.buffer, this.#data.byteOffset + at, size);
    const text = bytes.toString("utf8");
    // A replacement character means that some bytes are not UTF-8, or that one was really there.
    const strings = text.includes("\ufffd") ? this.#decodeEach(bytes, at) : text.split("\0");
    if (bytes[size - 1] === 0) strings.pop();
    return strings;
  }

  #decodeEach(bytes: Buffer, at: number): string[] {
    const strings: string[] = [];
    for (let start = 0; start <= bytes.length;) {
      const end = bytes.indexOf(0, start);
      const length = (end < 0 ? bytes.length : end) - start;
      strings.push(wire.decodeText(this.#data, at + start, length));
      start += length + 1;
    }
    return strings;
  }

  #take(size: number): number {
    const at = this.#at;
    if (size > this.#end - at) throw new RangeError("a text goes beyond its record");
    this.#at = at + size;
    return at;
  }
}
