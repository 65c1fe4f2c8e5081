import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Emulator } from "./emulator.ts";
import { writeInitramfs } from "./initramfs.ts";
import type { Kernel } from "./kernel.ts";
import type { Architecture } from "./matrix.ts";

/** What to boot, and how long it may take. */
export interface Machine {
  readonly architecture: Architecture;
  readonly kernel: Kernel;
  /** The static shell of the guest's CPU. */
  readonly busybox: string;
  /** Images of disks, by name: `root`, and `project`, which holds the command to run. What a guest writes is lost. */
  readonly disks: Readonly<Record<"root" | "project", string>>;
  readonly timeoutMs: number;
}

/** What came of it. */
export interface Booted {
  /** Of the command; undefined if the guest came to no end in time, or crashed. */
  readonly status: number | undefined;
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

/** Boots a guest, which runs its command; returns when it is switched off. */
export async function boot(emulator: Emulator, machine: Machine): Promise<Booted> {
  const { architecture, kernel, disks, timeoutMs } = machine;
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
    const child = spawn(program, args, {
      env: emulator.environment,
      stdio: ["ignore", "ignore", "pipe"],
      timeout: timeoutMs,
      killSignal: "SIGKILL",
    });
    let complaint = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => (complaint += text));
    await once(child, "close");
    const status = read("status").trim();
    return {
      status: status === "" ? undefined : Number(status),
      output: read("output"),
      errors: read("errors"),
      console: read("console") + complaint,
    };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
