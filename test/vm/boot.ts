import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Emulator } from "./emulator.ts";
import { writeInitramfs } from "./initramfs.ts";
import type { Kernel } from "./kernel.ts";
import type { Architecture } from "./matrix.ts";

/** What to boot, and for how long it may run. */
export interface Machine {
  readonly architecture: Architecture;
  readonly kernel: Kernel;
  /** The static shell of the guest's CPU. */
  readonly busybox: string;
  /** Images of disks, by name: `root`, and `project`, which holds the command to run. What a guest writes is lost. */
  readonly disks: Readonly<Record<"root" | "project", string>>;
  /** A guest that says nothing for so long hangs. */
  readonly silenceMs: number;
  /** When every guest has to be at its end, by `performance.now`. */
  readonly deadline: number;
}

/** What came of it. */
export interface Booted {
  /** Of the command; undefined if the guest was ended, or crashed. */
  readonly status: number | undefined;
  /** Whether it was ended since time was over. */
  readonly isLate: boolean;
  readonly output: string;
  readonly errors: string;
  /** What the kernel said. */
  readonly console: string;
}

/** A guest that came to an end. */
export type Ended = Booted & { readonly status: number };

export function isEnded(booted: Booted): booted is Ended {
  return booted.status !== undefined;
}

const MEMORY_MIB = 3072;
const PORTS = ["output", "errors", "status"] as const;
const LOOK_MS = 1000;

/** Boots a guest, which runs its command; returns when it is switched off. */
export async function boot(emulator: Emulator, machine: Machine): Promise<Booted> {
  const { architecture, kernel, disks, silenceMs, deadline } = machine;
  const directory = mkdtempSync(join(tmpdir(), "ebpf-bootstrap-vm-"));
  const file = (name: string) => join(directory, name);
  const read = (name: string) => (existsSync(file(name)) ? readFileSync(file(name), "utf8") : "");
  try {
    writeInitramfs(file("initramfs"), kernel, machine.busybox);
    const [qemu = "", ...machineArgs] = architecture.qemu;
    const [program = "", ...args] = emulator.command(
      qemu,
      ...machineArgs,
      ...["-accel", "tcg,thread=multi", "-smp", "2", "-m", String(MEMORY_MIB)],
      ...["-nodefaults", "-display", "none", "-no-reboot", "-kernel", kernel.image, "-initrd", file("initramfs")],
      // Mitigations of what real CPUs do wrong only cost time on an emulated one. Its time stamp counter is good, though
      // x86 doubts it, and takes a clock instead that is slow to read and leaves the scheduler's clock inexact.
      ...[
        "-append",
        `console=${architecture.console} panic=-1 loglevel=4 mitigations=off ${architecture.kernelArguments ?? ""}`,
      ],
      ...["-chardev", `file,id=console,path=${file("console")}`, "-serial", "chardev:console"],
      ...Object.entries(disks).flatMap(([name, path]) => [
        ...["-drive", `if=none,id=${name},file=${path},format=raw,snapshot=on`],
        ...["-device", `virtio-blk-${architecture.bus},drive=${name},serial=${name}`],
      ]),
      ...["-device", `virtio-serial-${architecture.bus}`],
      ...PORTS.flatMap((name) => [
        ...["-chardev", `file,id=${name},path=${file(name)}`],
        ...["-device", `virtserialport,chardev=${name},name=${name}`],
      ]),
    );
    const child = spawn(program, args, { env: emulator.environment, stdio: ["ignore", "ignore", "pipe"] });
    let isLate = false;
    let said = 0;
    let saidAt = performance.now();
    const watch = setInterval(() => {
      const now = performance.now();
      const size = ["console", ...PORTS].reduce((sum, name) => sum + (sizeOf(file(name)) ?? 0), 0);
      if (size !== said) [said, saidAt] = [size, now];
      isLate = now >= deadline;
      if (isLate || now - saidAt >= silenceMs) child.kill("SIGKILL");
    }, LOOK_MS);
    let complaint = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => (complaint += text));
    await once(child, "close");
    clearInterval(watch);
    const status = read("status").trim();
    return {
      status: status === "" ? undefined : Number(status),
      isLate,
      output: read("output"),
      errors: read("errors"),
      console: read("console") + complaint,
    };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function sizeOf(file: string): number | undefined {
  return statSync(file, { throwIfNoEntry: false })?.size;
}
