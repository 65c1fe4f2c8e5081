/** One of clang's two BPF targets, which differ in byte order alone. */
export type TargetName = "bpfel" | "bpfeb";

/** What the generator has to know about a target. */
export interface Target {
  readonly name: TargetName;
  readonly littleEndian: boolean;
  /** The byte order and the machines that have it, as the generated module names them. */
  readonly machines: string;
}

/** Both targets, by the name that clang gives them. */
export const targets: Readonly<Record<TargetName, Target>> = {
  bpfel: {
    name: "bpfel",
    littleEndian: true,
    machines: "Little-endian: x86-64, arm64, ppc64le, riscv64, loongarch64.",
  },
  bpfeb: { name: "bpfeb", littleEndian: false, machines: "Big-endian: s390x, ppc64, mips64." },
};
