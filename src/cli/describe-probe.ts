import { libbpfVersion } from "../libbpf/object.ts";
import type { KernelProbe } from "../probe/kernel-probe.ts";

/** What `--verbose` says of a loaded probe: its programs, its ring, and what this kernel cannot tell. */
export function describeProbe(probe: Pick<KernelProbe, "programs" | "gaps">, ringSize: number): string[] {
  const programs = probe.programs.map((program) => {
    const { id, verifiedInstructions } = program.info();
    return `loaded ${program.name} as program ${id} on ${program.section} (${verifiedInstructions} instructions verified)`;
  });
  return [
    ...programs,
    `ring of ${ringSize} bytes, libbpf ${libbpfVersion()}, Node.js ${process.version}`,
    ...probe.gaps().map((gap) => `missing: ${gap}`),
  ];
}
