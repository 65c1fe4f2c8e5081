import { readFileSync, readdirSync, writeFileSync } from "node:fs";

/** A process's resident memory, bytes. */
export interface Memory {
  readonly peak: number;
  readonly now: number;
}

/** Reads /proc/PID/status. */
export function memoryOf(pid: number): Memory {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return { peak: field(status, "VmHWM") * 1024, now: field(status, "VmRSS") * 1024 };
}

/** Makes `peak` begin anew. */
export function forgetPeak(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, "5");
}

/** Times that threads of a process went to sleep and were woken: their voluntary context switches. */
export function wakeupsOf(pid: number): number {
  return readdirSync(`/proc/${pid}/task`)
    .map((thread) => numberIn(read(`/proc/${pid}/task/${thread}/status`), "voluntary_ctxt_switches") ?? 0)
    .reduce((all, switches) => all + switches, 0);
}

/** Nanoseconds that threads of a process wanted a CPU and had none, so far; those that have ended are not counted. */
export function waitedNs(pid: number): number {
  return readdirSync(`/proc/${pid}/task`)
    .map((thread) => Number(read(`/proc/${pid}/task/${thread}/schedstat`).split(" ")[1] ?? 0))
    .reduce((all, waited) => all + waited, 0);
}

/** The numbers of the BPF programs that a process holds, by themselves or by a link. */
export function bpfProgramsOf(pid: number): readonly number[] {
  return descriptorsOf(pid).flatMap((info) => numberIn(info, "prog_id") ?? []);
}

/** include/uapi/linux/bpf.h: BPF_MAP_TYPE_RINGBUF. */
const RING = 27;

/** The numbers of the BPF ring buffers that a process holds. */
export function ringsOf(pid: number): readonly number[] {
  return descriptorsOf(pid)
    .filter((info) => numberIn(info, "map_type") === RING)
    .flatMap((info) => numberIn(info, "map_id") ?? []);
}

/** The number of a field of a /proc file: `Name:   123 kB`. */
export function numberIn(text: string, name: string): number | undefined {
  const value = new RegExp(`^${name}:\\s*(\\d+)`, "m").exec(text)?.[1];
  return value === undefined ? undefined : Number(value);
}

/** What the kernel says of each open descriptor. */
function descriptorsOf(pid: number): readonly string[] {
  return readdirSync(`/proc/${pid}/fd`).map((fd) => read(`/proc/${pid}/fdinfo/${fd}`));
}

function field(text: string, name: string): number {
  const value = numberIn(text, name);
  if (value === undefined) throw new Error(`no ${name} in /proc`);
  return value;
}

/** Empty if the descriptor has been closed, or the thread has ended, meanwhile. */
function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
