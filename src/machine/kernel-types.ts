import { existsSync, readFileSync } from "node:fs";
import { whyNoBtfFile } from "../libbpf/btf-file.ts";

/** The kernel's description of its types, as it shows it itself. */
export const KERNEL_BTF = "/sys/kernel/btf/vmlinux";

/** The first bytes of BTF (include/uapi/linux/btf.h) in either byte order, and of an ELF file, which may hold some. */
const magics = [Buffer.from([0x9f, 0xeb]), Buffer.from([0xeb, 0x9f]), Buffer.from("\x7fELF")];

/**
 * What of the kernel this program is built on, by the names that the kernel's types have for it. All of them came by
 * 5.8.
 */
const features = {
  "BPF ring buffer": "BPF_MAP_TYPE_RINGBUF",
  "typed tracepoints": "btf_trace_sched_process_exec",
  "boot clock for BPF": "BPF_FUNC_ktime_get_boot_ns",
  "task iterator": "bpf_iter__task",
} as const;

/** A helper that came with the kernel (5.11) that charges BPF's memory to control groups; libbpf tells by it, too. */
const AFTER_MEMLOCK = "BPF_FUNC_ktime_get_coarse_ns";

/** What the kernel's types tell of it. */
export interface KernelTypes {
  /** What this program needs and the kernel has not. */
  readonly lacks: readonly string[];
  /** Whether BPF's memory counts against the limit of locked memory. */
  readonly limitsLockedMemory: boolean;
}

/** Looks for features in a file of BTF. Undefined if it cannot be read, or is none. */
export function readKernelTypes(file: string): KernelTypes | undefined {
  let bytes: Buffer;
  try {
    if (whyNoBtfFile(file) !== undefined) return undefined;
    bytes = readFileSync(file);
  } catch {
    return undefined;
  }
  if (!magics.some((magic) => bytes.subarray(0, magic.length).equals(magic))) return undefined;
  const has = (name: string) => bytes.includes(`\0${name}\0`);
  return {
    lacks: Object.entries(features).flatMap(([feature, name]) => (has(name) ? [] : [feature])),
    limitsLockedMemory: !has(AFTER_MEMLOCK),
  };
}

/** Whether the kernel shows its types, or none were given in their place: then programs can be typed. */
export function showsTypes({ btfPath }: { readonly btfPath?: string }): boolean {
  return btfPath === undefined || existsSync(KERNEL_BTF);
}
