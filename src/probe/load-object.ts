import { LibbpfError } from "../libbpf/errors.ts";
import { kernelEnumHasValue, kernelStructHasMember } from "../libbpf/kernel-btf.ts";
import { BpfObject, possibleCpus } from "../libbpf/object.ts";
import { pageSize } from "../libc/libc.ts";
import { showsTypes } from "../machine/kernel-types.ts";
import { shortageOf } from "../machine/shortage.ts";
import type { ProbeOptions } from "./probe-options.ts";
import { processLimit } from "./process-limit.ts";
import { systemCallNumbers } from "./system-call-numbers.ts";
import { untyped, wire } from "./wire.ts";

/** Options with their defaults filled in. */
export type LoadOptions = ProbeOptions & Required<Pick<ProbeOptions, "minDurationNs" | "ringSize" | "maxArgsBytes">>;

/** The programs; those for execs and exits every monitor loads. */
export const programNames = {
  exec: "handle_exec",
  exit: "handle_exit",
  fork: "handle_fork",
  free: "handle_free",
  failedExecs: "handle_syscall_exit",
  /** An iterator, which does not attach to anything. */
  running: "handle_running",
} as const;

/**
 * Whether an error says that the kernel refuses the program of this name, and the others are of use without it. A machine
 * that is short of something refuses none for good.
 */
export function isGap(error: unknown, name: string | undefined): error is LibbpfError {
  const isOptional = name === programNames.fork || name === programNames.failedExecs || name === programNames.running;
  return isOptional && error instanceof LibbpfError && shortageOf(error) === undefined;
}

/** This program's BPF object, in the kernel. */
export interface LoadedObject {
  readonly object: BpfObject;
  readonly variables: typeof wire.variables;
  /** The programs without which it was loaded, since the kernel refuses them, and how it said so. */
  readonly refused: Map<string, LibbpfError>;
}

/**
 * Loads the object; without a program that the kernel refuses, if the others are of use without it.
 *
 * @throws {EbpfError} of the libbpf layer
 */
export function loadObject(options: LoadOptions): LoadedObject {
  const isTyped = showsTypes(options);
  const { objectUrl, variables } = isTyped ? wire : untyped;
  const refused = new Map<string, LibbpfError>();
  for (;;) {
    const object = BpfObject.open(objectUrl, {
      name: "bootstrap",
      ...(options.btfPath !== undefined && { btfPath: options.btfPath }),
      ...(options.onMessage && { onMessage: options.onMessage }),
    });
    try {
      prepare(object, options, variables, isTyped);
      for (const name of refused.keys()) object.program(name).setAutoload(false);
      object.load();
      return { object, variables, refused };
    } catch (error) {
      object.close();
      const name = error instanceof LibbpfError ? error.program : undefined;
      if (name === undefined || refused.has(name) || !isGap(error, name)) throw error;
      refused.set(name, error);
    }
  }
}

/** Whether failed execs are to be told. */
export function wantsFailedExecs({ full, failedExecs, minDurationNs }: LoadOptions): boolean {
  return full === true && failedExecs === true && minDurationNs === 0n;
}

/** Whether they can be: a typed program gets the current task by a function that came with 5.11. */
export function canTellFailedExecs(options: LoadOptions): boolean {
  return !showsTypes(options) || kernelEnumHasValue("bpf_func_id", "BPF_FUNC_get_current_task_btf");
}

/** From 6.16 the tracepoint itself says which thread is the last of its process (bpf/compat.bpf.h). */
export function saysGroupDead({ btfPath }: Pick<ProbeOptions, "btfPath">): boolean {
  return kernelStructHasMember("trace_event_raw_sched_process_exit", "group_dead", btfPath);
}

function prepare(object: BpfObject, options: LoadOptions, variables: typeof wire.variables, isTyped: boolean): void {
  const { minDurationNs, ringSize, maxArgsBytes, full = false } = options;
  object.setVariable(variables.min_duration_ns, minDurationNs);
  object.setVariable(variables.full_records, full);
  object.setVariable(variables.send_forks, full);
  object.setVariable(variables.max_args_bytes, BigInt(maxArgsBytes));
  object.setVariable(variables.with_env, options.environment ?? false);
  object.setVariable(variables.page_size, BigInt(pageSize));
  const numbers = systemCallNumbers();
  object.setVariable(variables.execve_nr, numbers.execve);
  object.setVariable(variables.execveat_nr, numbers.execveat);
  object.map("events").setMaxEntries(ringSize);
  object.map("lost").setMaxEntries(possibleCpus());
  object.map("lives").setMaxEntries(processLimit());
  const needsEnded = !saysGroupDead(options);
  object.map("ended").setMaxEntries(needsEnded ? processLimit() : 1);
  if (!full) object.map("told_cgroups").setMaxEntries(1);
  const wanted = new Map<string, boolean>([
    [programNames.exec, true],
    [programNames.exit, true],
    [programNames.free, needsEnded],
    [programNames.fork, full],
    [programNames.failedExecs, wantsFailedExecs(options) && canTellFailedExecs(options)],
  ]);
  if (isTyped) wanted.set(programNames.running, full);
  for (const [name, isWanted] of wanted) object.program(name).setAutoload(isWanted);
}
