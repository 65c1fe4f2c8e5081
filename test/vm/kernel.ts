import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { cache } from "./cache.ts";
import type { Guest } from "./matrix.ts";
import { Packages } from "./packages.ts";

/** A kernel ready to be booted. */
export interface Kernel {
  /** `6.1.0-56-cloud-amd64` */
  readonly release: string;
  /** The file to boot. */
  readonly image: string;
  /** Holds lib/modules/RELEASE. */
  readonly directory: string;
}

/**
 * Fetches the newest build of a guest's kernel. Builds vanish from Debian's archive when newer ones come, so it is found
 * by the package that depends on it.
 *
 * @throws {Unavailable}
 */
export function fetchKernel(guest: Guest): Kernel {
  const packages = new Packages(guest.suite, guest.architecture.name);
  const files = packages
    .list([guest.kernelPackage])
    .filter((file) => /^linux-(image|binary|modules|base)-\d/.test(file));
  const directory = packages.unpack(join(cache, "kernels", guest.name), files, arrange);
  const [release = ""] = readdirSync(join(directory, "lib/modules"));
  return { release, image: join(directory, "kernel"), directory };
}

/** Leaves the kernel, and its modules with the list of what each of them needs. */
function arrange(directory: string): void {
  const modules = ["usr/lib/modules", "lib/modules"]
    .map((path) => join(directory, path))
    .find((path) => existsSync(path));
  const [release = ""] = readdirSync(modules ?? "");
  const images = [join(directory, "boot", `vmlinuz-${release}`), join(modules ?? "", release, "vmlinuz")];
  copyFileSync(images.find((path) => existsSync(path)) ?? "", join(directory, "kernel"));
  if (modules !== join(directory, "lib/modules")) {
    mkdirSync(join(directory, "lib"), { recursive: true });
    renameSync(modules ?? "", join(directory, "lib/modules"));
  }
  for (const path of ["usr", "boot", "etc"]) rmSync(join(directory, path), { recursive: true, force: true });
  execFileSync("depmod", ["-b", directory, release]);
}
