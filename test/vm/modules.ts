import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { cache, made } from "./cache.ts";
import type { Architecture } from "./matrix.ts";
import { Unavailable } from "./packages.ts";

const repository = fileURLToPath(new URL("../..", import.meta.url));

interface LockedPackage {
  readonly version: string;
  readonly integrity: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

const lock = JSON.parse(readFileSync(join(repository, "package-lock.json"), "utf8")) as {
  readonly packages: Readonly<Record<string, LockedPackage>>;
};

/** What the tests import that the program itself does not. */
const FOR_TESTS = ["ajv"];

/**
 * Copies the modules that the program and its tests need, with the native one of a CPU.
 *
 * @throws {Unavailable}
 */
export function copyModules(directory: string, architecture: Architecture): void {
  for (const name of closure([...Object.keys(lock.packages[""]?.dependencies ?? {}), ...FOR_TESTS])) {
    cpSync(join(repository, "node_modules", name), join(directory, name), { recursive: true });
  }
  if (architecture.native === undefined) return;
  const native = `@koromix/koffi-linux-${architecture.native}`;
  const installed = join(repository, "node_modules", native);
  cpSync(existsSync(installed) ? installed : fetchModule(native), join(directory, native), { recursive: true });
}

/** These modules and all that they depend on. */
function closure(names: readonly string[]): Set<string> {
  const found = new Set(names);
  // A set that grows while it is gone through is gone through to its new end.
  for (const name of found) {
    for (const needed of Object.keys(lock.packages[`node_modules/${name}`]?.dependencies ?? {})) found.add(needed);
  }
  return found;
}

/** A module that npm does not install on this CPU: of the version, and with the hash, that are locked. */
function fetchModule(name: string): string {
  const locked = lock.packages[`node_modules/${name}`];
  if (locked === undefined) throw new Error(`${name} is not in package-lock.json`);
  const { version, integrity } = locked;
  return made(join(cache, "modules", name), integrity, (unfinished) => {
    try {
      execFileSync("npm", ["pack", "--silent", `${name}@${version}`], { cwd: unfinished, stdio: "pipe" });
    } catch (error) {
      throw new Unavailable(`npm pack ${name}@${version}: ${String(error)}`, { cause: error });
    }
    const [archive = ""] = readdirSync(unfinished);
    const hash = createHash("sha512")
      .update(readFileSync(join(unfinished, archive)))
      .digest("base64");
    if (`sha512-${hash}` !== integrity) throw new Error(`${name}@${version} is not what package-lock.json says`);
    execFileSync("tar", ["-xf", archive, "--strip-components=1"], { cwd: unfinished });
  });
}
