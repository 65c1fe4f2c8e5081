import { LibbpfError } from "../libbpf/errors.ts";
import { BpfObject, possibleCpus } from "../libbpf/object.ts";
import { pageSize } from "../libc/libc.ts";
import { showsTypes } from "../machine/kernel-types.ts";
import { shortageOf } from "../machine/shortage.ts";
import type { ProbeOptions } from "./probe-options.ts";
import { readFeatures, type Features } from "./features.ts";
import { processLimit } from "./process-limit.ts";
import { systemCallNumbers } from "./system-call-numbers.ts";
import { untyped, wire } from "./wire.ts";

/** As many as there are without programs that stand in for others; see bpf/emit.bpf.h. */
const FIRST_SCRATCH_SLOTS = 3;

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

/** The programs that do what others were skipped for; see bpf/recover.bpf.h. */
export const recoveryPrograms = {
  fork: ["second_fork", "third_fork"],
  exec: ["second_exec", "third_exec"],
  exit: ["second_exit", "third_exit"],
  failedExecs: ["second_syscall_exit", "third_syscall_exit"],
} as const;

/** The programs without which the others are of use. */
const optionalPrograms: ReadonlySet<string> = new Set([
  programNames.fork,
  programNames.failedExecs,
  programNames.running,
  ...Object.values(recoveryPrograms).flat(),
]);

/**
 * Whether an error says that the kernel refuses the program of this name, and the others are of use without it. A machine
 * that is short of something refuses none for good.
 */
export function isGap(error: unknown, name: string): error is LibbpfError {
  return optionalPrograms.has(name) && error instanceof LibbpfError && shortageOf(error) === undefined;
}

/** This program's BPF object, in the kernel. */
export interface LoadedObject {
  readonly object: BpfObject;
  readonly variables: typeof wire.variables;
  readonly features: Features;
  /** The programs without which it was loaded, since the kernel refuses them, and how it said so. */
  readonly refused: Map<string, LibbpfError>;
}

/**
 * Loads the object; without a program that the kernel refuses, if the others are of use without it.
 *
 * @throws {EbpfError} of the libbpf layer
 */
export function loadObject(options: LoadOptions): LoadedObject {
  const { objectUrl, variables } = showsTypes(options) ? wire : untyped;
  const refused = new Map<string, LibbpfError>();
  for (;;) {
    const object = BpfObject.open(objectUrl, {
      name: "bootstrap",
      ...(options.btfPath !== undefined && { btfPath: options.btfPath }),
      ...(options.onMessage && { onMessage: options.onMessage }),
    });
    try {
      const features = readFeatures(options);
      prepare(object, options, variables, features);
      choosePrograms(object, options, features, refused);
      object.load();
      return { object, variables, features, refused };
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

function prepare(object: BpfObject, options: LoadOptions, variables: typeof wire.variables, features: Features): void {
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
  object.map("ended").setMaxEntries(features.groupDead ? 1 : processLimit());
  object.setVariable(variables.preemptible, features.preemptiblePrograms);
  if (!features.preemptiblePrograms) {
    object.map("done").setMaxEntries(1);
    object.map("scratch").setMaxEntries(FIRST_SCRATCH_SLOTS);
  }
  if (!full) {
    object.map("told_cgroups").setMaxEntries(1);
    object.map("scratch").setMaxEntries(1);
  }
}

function choosePrograms(
  object: BpfObject,
  options: LoadOptions,
  features: Features,
  refused: ReadonlyMap<string, unknown>,
): void {
  const { full = false } = options;
  const unwanted = new Set(refused.keys());
  if (!full) unwanted.add(programNames.fork).add(programNames.running);
  if (features.groupDead) unwanted.add(programNames.free);
  if (!wantsFailedExecs(options) || !features.failedExecs) unwanted.add(programNames.failedExecs);
  for (const [kind, names] of Object.entries(recoveryPrograms)) {
    const isWanted = features.preemptiblePrograms && !unwanted.has(programNames[kind as keyof typeof recoveryPrograms]);
    if (!isWanted) for (const name of names) unwanted.add(name);
  }
  for (const name of [...Object.values(programNames), ...Object.values(recoveryPrograms).flat()]) {
    // An untyped object has no iterator.
    if (name !== programNames.running || showsTypes(options)) object.program(name).setAutoload(!unwanted.has(name));
  }
}
