import * as bigEndian from "../../src/probe/probe_bpfeb.ts";
import * as littleEndian from "../../src/probe/probe_bpfel.ts";
import { recoveryPrograms } from "../../src/probe/load-object.ts";
import type { Architecture } from "./matrix.ts";

type Values = Partial<littleEndian.Variables>;
type AnyVariable = Omit<littleEndian.Variable<unknown>, "decode">;

/** A way in which the monitor loads its programs, as far as the verifier's work depends on it. */
export interface Mode {
  readonly name: string;
  readonly values: Values;
  /** The programs that it leaves out. */
  readonly without: readonly string[];
}

const full = { full_records: true, send_forks: true };
const recovery = Object.values(recoveryPrograms).flat();

/** These ways. */
export const modes: readonly Mode[] = [
  { name: "table", values: {}, without: ["handle_fork", "handle_running", "handle_syscall_exit", ...recovery] },
  { name: "full", values: full, without: ["handle_syscall_exit", ...recovery] },
  { name: "full, with --env", values: { ...full, with_env: true }, without: ["handle_syscall_exit", ...recovery] },
  {
    name: "full, with -d",
    values: { ...full, min_duration_ns: 1_000_000n },
    without: ["handle_syscall_exit", ...recovery],
  },
  { name: "full, with failed execs", values: full, without: recovery },
];

const PAGE_SIZE = 4096n;
const CPUS = 2;

/** What load.c reads, to load the programs in one of these ways. */
export function loadSettings(architecture: Architecture, mode: Mode): string {
  const { variables } = architecture.littleEndian ? littleEndian : bigEndian;
  const { execve, execveat } = architecture;
  const values: Values = { page_size: PAGE_SIZE, execve_nr: execve, execveat_nr: execveat, ...mode.values };
  return [
    ...Object.entries(values).map(([name, value]) => setting(variables[name as keyof Values] as AnyVariable, value)),
    ...mode.without.map((program) => `skip ${program}`),
    `size lost ${CPUS}`,
    "",
  ].join("\n");
}

function setting(variable: AnyVariable, value: unknown): string {
  const bytes = new Uint8Array(variable.size);
  variable.encode(new DataView(bytes.buffer), 0, value);
  return `set ${variable.section} ${variable.offset} ${Buffer.from(bytes).toString("hex")}`;
}
