import { execFileSync } from "node:child_process";
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { Kernel } from "./kernel.ts";

/** What it takes to find the disks and the serial ports: built in to some kernels, modules of others. */
const MODULES = ["virtio_pci", "virtio_blk", "virtio_console", "ext4"];
const UNPACK: Record<string, readonly string[]> = { ".xz": ["xz", "-dc"], ".zst": ["zstd", "-qdc"] };

/** Writes the file system that a kernel starts with: a shell, a script, and the modules to reach the disks. */
export function writeInitramfs(file: string, kernel: Kernel, busybox: string): void {
  const directory = mkdtempSync(join(tmpdir(), "ebpf-bootstrap-initramfs-"));
  try {
    for (const name of ["bin", "modules"]) mkdirSync(join(directory, name));
    copyFileSync(busybox, join(directory, "bin/busybox"));
    copyFileSync(new URL("init.sh", import.meta.url), join(directory, "init"));
    for (const name of ["bin/busybox", "init"]) chmodSync(join(directory, name), 0o755);
    for (const [index, path] of modulePaths(kernel).entries()) {
      const name = `${String(index).padStart(2, "0")}-${basename(path).replace(/\.ko.*$/, ".ko")}`;
      const unpack = Object.entries(UNPACK).find(([suffix]) => path.endsWith(suffix))?.[1] ?? ["cat"];
      const [command = "", ...args] = unpack;
      writeFileSync(join(directory, "modules", name), execFileSync(command, [...args, path], { maxBuffer: 2 ** 26 }));
    }
    const archive = execFileSync("sh", ["-c", "find . | cpio --quiet -o -H newc -R 0:0"], {
      cwd: directory,
      maxBuffer: 2 ** 28,
    });
    writeFileSync(file, archive);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** The files of the modules, each after those that it needs. */
function modulePaths({ release, directory }: Kernel): string[] {
  const paths = new Set<string>();
  for (const name of MODULES) {
    const args = ["-d", directory, "-S", release, "--show-depends", name];
    let lines;
    try {
      lines = execFileSync("modprobe", args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
    } catch {
      continue; // This machine has no such thing: the PCI bus on s390x, say.
    }
    for (const [, path = ""] of lines.matchAll(/^insmod (\S+)/gm)) paths.add(path);
  }
  return [...paths];
}
