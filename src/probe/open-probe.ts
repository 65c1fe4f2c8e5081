import { explainLoadError } from "../machine/explain.ts";
import { inspectMachine } from "../machine/machine.ts";
import { KernelProbe } from "./kernel-probe.ts";
import type { ProbeOptions } from "./probe-options.ts";

/**
 * Loads and attaches this program's BPF object.
 *
 * @throws {EbpfError} that says why it could not be, and what to do: `NOT_PERMITTED`, `BPF_BLOCKED`, `NO_KERNEL_BTF`, `BTF_INVALID`,
 *   `KERNEL_TOO_OLD`, `LIMIT_REACHED`, `VERIFIER_REFUSED`, `OBJECT_NOT_FOUND`, `OBJECT_INVALID`, `OBJECT_LACKS`,
 *   `LIBBPF_FAILED`, `MMAP_FAILED`
 */
export function openProbe(options: ProbeOptions): KernelProbe {
  try {
    return new KernelProbe(options);
  } catch (error) {
    throw explainLoadError(error, inspectMachine(options.btfPath));
  }
}
