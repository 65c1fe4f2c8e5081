import { KernelBtf } from "../libbpf/kernel-btf.ts";
import { showsTypes } from "../machine/kernel-types.ts";
import type { ProbeOptions } from "./probe-options.ts";

/** What differs between kernels, as far as it decides what is loaded. */
export interface Features {
  /** The tracepoint itself says which thread is the last of its process; see bpf/compat.bpf.h. From 6.16 on. */
  readonly groupDead: boolean;
  /** Programs of tracepoints can be preempted; see bpf/recover.bpf.h. From 7.0 on. */
  readonly preemptiblePrograms: boolean;
  /** Failed execs can be told: a typed program gets the current task by a function that came with 5.11. */
  readonly failedExecs: boolean;
}

/**
 * Asks the running kernel's types, or those in a file.
 *
 * @throws {LibbpfError} if there are none
 */
export function readFeatures(options: Pick<ProbeOptions, "btfPath">): Features {
  using btf = new KernelBtf(options.btfPath);
  return {
    groupDead: btf.structHasMember("trace_event_raw_sched_process_exit", "group_dead"),
    preemptiblePrograms: btf.structHasMember("tp_transition_snapshot", "srcu_gp"),
    failedExecs: !showsTypes(options) || btf.enumHasValue("bpf_func_id", "BPF_FUNC_get_current_task_btf"),
  };
}
