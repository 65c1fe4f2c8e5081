import { endianness } from "node:os";
import * as bigEndian from "./probe_bpfeb.ts";
import * as littleEndian from "./probe_bpfel.ts";

/** The generated bindings for this machine's byte order. */
export const wire: typeof littleEndian | typeof bigEndian = endianness() === "LE" ? littleEndian : bigEndian;
