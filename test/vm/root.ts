import { cpSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { cache } from "./cache.ts";
import { Packages } from "./packages.ts";

const PACKAGES = [
  ...["base-files", "base-passwd", "bash", "busybox-static", "coreutils", "dash", "libc-bin", "mount", "util-linux"],
  ...["libbpf1", "nodejs", "linux-libc-dev"],
];

/**
 * Fetches a small Debian for a CPU, with Node.js and libbpf. Its packages are not configured: a few files that their
 * scripts would write are written here.
 *
 * @throws {Unavailable}
 */
export function fetchRoot(suite: string, architecture: string): string {
  const packages = new Packages(suite, architecture);
  return packages.unpack(join(cache, "roots", `${suite}-${architecture}`), packages.list(PACKAGES), (root) => {
    for (const name of ["passwd", "group"]) {
      cpSync(join(root, `usr/share/base-passwd/${name}.master`), join(root, "etc", name));
    }
    for (const name of ["dev", "proc", "sys", "run", "tmp", "root", "project"]) {
      mkdirSync(join(root, name), { recursive: true });
    }
  });
}
