import { endianness } from "node:os";
import { koffi } from "../libc/ffi.ts";
import { LibbpfError } from "./errors.ts";
import { libbpf } from "./native.ts";

/** `struct bpf_prog_info` (include/uapi/linux/bpf.h), what of it is used here. Older kernels leave later fields 0. */
export interface ProgramInfo {
  readonly id: number;
  /** Nanoseconds the program ran in all. Counted while `kernel.bpf_stats_enabled` is 1. */
  readonly runTimeNs: bigint;
  /** Times the program ran. Counted while `kernel.bpf_stats_enabled` is 1. */
  readonly runCount: bigint;
  /** Times the kernel skipped the program because it was running on that CPU already. Minimum kernel: 5.12. */
  readonly recursionMisses: bigint;
  /** Instructions the verifier went through, its measure of complexity. Minimum kernel: 5.16. */
  readonly verifiedInstructions: number;
}

/** Bytes of the structure up to and including verified_insns, and the offsets of its fields: stable kernel ABI. */
const infoSize = 224;
const offsets = { id: 4, runTimeNs: 192, runCount: 200, recursionMisses: 208, verifiedInstructions: 216 } as const;
const littleEndian = endianness() === "LE";

/** @throws {LibbpfError} if `fd` is not a program's */
export function readProgramInfo(name: string, fd: number): ProgramInfo {
  const bytes = new Uint8Array(infoSize);
  if (libbpf.bpf_obj_get_info_by_fd(fd, bytes, [infoSize]) < 0) {
    throw new LibbpfError(`read what the kernel knows of ${name}`, koffi.errno(), []);
  }
  const view = new DataView(bytes.buffer);
  return {
    id: view.getUint32(offsets.id, littleEndian),
    runTimeNs: view.getBigUint64(offsets.runTimeNs, littleEndian),
    runCount: view.getBigUint64(offsets.runCount, littleEndian),
    recursionMisses: view.getBigUint64(offsets.recursionMisses, littleEndian),
    verifiedInstructions: view.getUint32(offsets.verifiedInstructions, littleEndian),
  };
}
