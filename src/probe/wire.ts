import { endianness } from "node:os";
import * as bigEndian from "./probe_bpfeb.ts";
import * as littleEndian from "./probe_bpfel.ts";
import * as untypedBigEndian from "./probe_untyped_bpfeb.ts";
import * as untypedLittleEndian from "./probe_untyped_bpfel.ts";

const isLittleEndian = endianness() === "LE";

/** The generated bindings for this machine's byte order. */
export const wire: typeof littleEndian | typeof bigEndian = isLittleEndian ? littleEndian : bigEndian;

/** The same programs for kernels that do not tell their types (bpf/access.bpf.h); the records are the same. */
export const untyped: Pick<typeof wire, "objectUrl" | "variables"> = isLittleEndian
  ? untypedLittleEndian
  : untypedBigEndian;
