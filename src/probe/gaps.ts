import type { LibbpfError } from "../libbpf/errors.ts";
import { KernelBtf } from "../libbpf/kernel-btf.ts";
import { showsTypes } from "../machine/kernel-types.ts";
import type { Features } from "./features.ts";
import { programNames, recoveryPrograms, wantsFailedExecs, type LoadOptions } from "./load-object.ts";

/** What is not told without a program. */
const toldBy: Readonly<Record<string, string>> = {
  [programNames.fork]: "forks, and of exits parent_id and threads",
  [programNames.failedExecs]: "failed execs",
  [programNames.running]: "processes that run already",
  ...Object.fromEntries(
    Object.values(recoveryPrograms)
      .flat()
      .map((name) => [name, "some of the events while others are being told on the same CPU"]),
  ),
};

/** What is not told of a process without a member of a kernel struct, and why it may not be there. */
const toldFrom = [
  ["task_struct", "loginuid", "loginuid and session_id", "CONFIG_AUDIT"],
  ["task_io_accounting", "read_bytes", "usage.read_bytes and usage.write_bytes", "CONFIG_TASK_IO_ACCOUNTING"],
  ["sched_entity", "cfs_rq", "of usage, CPU time since the last tick of the timer", "CONFIG_FAIR_GROUP_SCHED"],
] as const;

/** What would be told on another kernel, and why not here: a text each. Asks the kernel's types. */
export function findGaps(
  options: LoadOptions,
  features: Features,
  refused: ReadonlyMap<string, LibbpfError>,
): readonly string[] {
  const gaps: string[] = [];
  if (!showsTypes(options)) gaps.push("processes that run already, which only a kernel that shows its types can tell");
  if (wantsFailedExecs(options) && !features.failedExecs) {
    gaps.push("failed execs, for which this kernel has no bpf_get_current_task_btf(): Linux 5.11 brought it");
  }
  for (const [name, { message }] of refused)
    gaps.push(`${toldBy[name] ?? name}, since the kernel refuses ${name}: ${message}`);
  if (options.full !== true) return gaps;
  if (options.minDurationNs > 0n && !features.groupDead) {
    gaps.push("with --duration exe, argv, memfd and deleted of exits, which Linux 6.16 and later can tell");
  }
  using btf = new KernelBtf(options.btfPath);
  for (const [struct, member, what, option] of toldFrom) {
    if (!btf.structHasMember(struct, member)) {
      gaps.push(`${what}, for which this kernel was built without ${option}`);
    }
  }
  return gaps;
}
