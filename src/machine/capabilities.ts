/** Capability bits (include/uapi/linux/capability.h). */
export const capability = {
  dacOverride: 1n << 1n,
  dacReadSearch: 1n << 2n,
  setGid: 1n << 6n,
  setUid: 1n << 7n,
  sysPtrace: 1n << 19n,
  sysAdmin: 1n << 21n,
  sysResource: 1n << 24n,
  perfmon: 1n << 38n,
  bpf: 1n << 39n,
} as const;

/** A process's sets of capabilities, a bit for each. */
export interface Capabilities {
  readonly effective: bigint;
  /** What a program that it runs can get at most, by sudo or by the file's own capabilities. */
  readonly bounding: bigint;
}

/** Whether a set has what loading takes: CAP_BPF and CAP_PERFMON, or CAP_SYS_ADMIN, which stands for both. */
export function canLoad(set: bigint): boolean {
  const both = capability.bpf | capability.perfmon;
  return (set & capability.sysAdmin) !== 0n || (set & both) === both;
}

/** Whether a set lets one become another user. */
export function canBecomeUser(set: bigint): boolean {
  const both = capability.setUid | capability.setGid;
  return (set & both) === both;
}

/** Whether a set lets one see other users' processes where /proc hides them. */
export function canTrace(set: bigint): boolean {
  return (set & capability.sysPtrace) !== 0n;
}

/** Whether a set lets one read the environments of other users' processes: files that are theirs, and about memory. */
export function canReadEnvironments(set: bigint): boolean {
  return canTrace(set) && (set & (capability.dacReadSearch | capability.dacOverride)) !== 0n;
}

/** The names of those of a set that matter here; `none of these` if it holds none. */
export function describeCapabilities(set: bigint): string {
  const names: [string, bigint][] = [
    ["CAP_BPF", capability.bpf],
    ["CAP_PERFMON", capability.perfmon],
    ["CAP_SYS_ADMIN", capability.sysAdmin],
  ];
  const held = names.flatMap(([name, bit]) => ((set & bit) === 0n ? [] : [name]));
  return held.length === 0 ? "none of these" : held.join(", ");
}
