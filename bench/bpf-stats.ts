import { execFileSync } from "node:child_process";
import { closeSync } from "node:fs";
import { koffi } from "../src/libc/ffi.ts";

/** What the kernel counted of a BPF program since it was loaded, while statistics were on. */
export interface ProgramStats {
  readonly name: string;
  readonly runTimeNs: number;
  readonly runs: number;
}

const enableStats = koffi.load("libbpf.so.1").func("int bpf_enable_stats(int type)") as (type: number) => number;

/** include/uapi/linux/bpf.h */
const BPF_STATS_RUN_TIME = 0;

/** Statistics as kernel.bpf_stats_enabled brings, but only while this is open: they cannot be left on. */
export class BpfStats {
  readonly #fd: number;
  readonly #bpftool: string;

  /** @throws {Error} if the kernel refuses */
  constructor(bpftool: string) {
    this.#bpftool = bpftool;
    this.#fd = enableStats(BPF_STATS_RUN_TIME);
    if (this.#fd < 0) throw new Error("the kernel refuses statistics of BPF programs");
  }

  /** Those of programs by their number, read with bpftool. */
  read(ids: ReadonlySet<number>): ReadonlyMap<number, ProgramStats> {
    return new Map([...ids].map((id) => [id, this.#readOne(id)]));
  }

  [Symbol.dispose](): void {
    closeSync(this.#fd);
  }

  // One by one: a list of all fails while others load and unload theirs.
  #readOne(id: number): ProgramStats {
    const text = execFileSync(this.#bpftool, ["-j", "prog", "show", "id", String(id)], { encoding: "utf8" });
    const { name = "", run_time_ns = 0, run_cnt = 0 } = JSON.parse(text) as BpftoolProgram;
    return { name, runTimeNs: run_time_ns, runs: run_cnt };
  }
}

interface BpftoolProgram {
  readonly name?: string;
  readonly run_time_ns?: number;
  readonly run_cnt?: number;
}
