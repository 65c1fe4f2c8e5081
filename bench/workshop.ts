import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { endianness, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { compile as compileForBpf } from "../tools/bpf2ts/compile.ts";
import { findToolchain } from "../tools/bpf2ts/toolchain.ts";

/** The project's folder. */
export const root = fileURLToPath(new URL("..", import.meta.url));

/** The C programs of the bench, compiled, and a folder for what comes and goes. */
export interface Workshop {
  readonly execstorm: string;
  readonly tiny: string;
  readonly stamp: string;
  readonly replay: string;
  readonly replayObject: string;
  readonly reference: string;
  readonly referenceObject: string;
  readonly bpftool: string;
  /** A path in the folder, which goes when the bench ends. */
  scratch(name: string): string;
}

/** Compiles bench/work and bench/reference to build/bench. */
export function openWorkshop(): Workshop {
  const built = join(root, "build/bench");
  mkdirSync(built, { recursive: true });
  const compile = (source: string, output: string, ...args: string[]) => {
    execFileSync("cc", ["-O2", "-Wall", "-o", join(built, output), join(root, "bench", source), ...args]);
    return join(built, output);
  };
  const tools = findToolchain({});
  const compileBpf = (source: string, output: string) => {
    const target = endianness() === "LE" ? "bpfel" : "bpfeb";
    const cflags = ["-I", join(root, "bpf"), "-Wall"];
    compileForBpf({ path: join(root, "bench", source), cflags }, target, join(built, output), tools);
    return join(built, output);
  };
  const folder = mkdtempSync(join(tmpdir(), "ebpf-bootstrap-bench-"));
  process.on("exit", () => {
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    execstorm: compile("work/execstorm.c", "execstorm", "-static", "-pthread"),
    tiny: compile("work/tiny.c", "tiny", "-static"),
    stamp: compile("work/stamp.c", "stamp", "-lutil"),
    replay: compile("work/replay.c", "replay", "-lbpf"),
    replayObject: compileBpf("work/replay.bpf.c", "replay.bpf.o"),
    reference: compile("reference/reference.c", "reference", "-lbpf"),
    referenceObject: compileBpf("reference/reference.bpf.c", "reference.bpf.o"),
    bpftool: tools.bpftool,
    scratch: (name) => join(folder, name),
  };
}
