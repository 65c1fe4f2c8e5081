import type { EventKind } from "../event/event.ts";
import { libbpfVersion } from "../libbpf/object.ts";
import type { KernelProbe } from "../probe/kernel-probe.ts";

/** What `--verbose` says of a loaded probe: its programs, its ring, and which of the wanted events this kernel lacks. */
export function describeProbe(
  probe: Pick<KernelProbe, "programs" | "canFindRunning" | "tellsFailedExecs">,
  ringSize: number,
  wanted: readonly EventKind[],
): string[] {
  const lines = probe.programs.map((program) => {
    const { id, verifiedInstructions } = program.info();
    return `loaded ${program.name} as program ${id} on ${program.section} (${verifiedInstructions} instructions verified)`;
  });
  if (!probe.canFindRunning) {
    lines.push("missing: processes that run already, which only a kernel that shows its types can tell");
  }
  lines.push(`ring of ${ringSize} bytes, libbpf ${libbpfVersion()}, Node.js ${process.version}`);
  if (wanted.includes("exec_failed") && !probe.tellsFailedExecs) {
    lines.push("missing: failed execs, for which this kernel has no bpf_get_current_task_btf(): Linux 5.11 brought it");
  }
  return lines;
}
