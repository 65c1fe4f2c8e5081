import { execFileSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

/**
 * The program installed as docs/deploy.md says, in a folder that no sandbox hides, with the node that runs the tests.
 * Gone when it is disposed of.
 */
export class Installation implements Disposable {
  readonly path: string;
  /** The program, for node. */
  readonly main: string;
  readonly node: string;

  constructor() {
    mkdirSync("/opt", { recursive: true });
    this.path = mkdtempSync("/opt/ebpf-bootstrap-test-");
    chmodSync(this.path, 0o755);
    this.main = join(this.path, "dist/src/cli/main.js");
    this.node = join(this.path, "node");
    cpSync(process.execPath, this.node);
    for (const part of ["ebpf-bootstrap", "package.json", "dist", ...runtimePackages()]) {
      cpSync(join(root, part), join(this.path, part), { recursive: true });
    }
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** The folders of the packages that the program runs with, as npm names them. */
function runtimePackages(): string[] {
  const list = execFileSync("npm", ["ls", "--omit=dev", "--all", "--parseable"], {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  return list
    .trim()
    .split("\n")
    .map((folder) => relative(root, folder))
    .filter((folder) => folder !== "");
}

/** Copies a program to the same place below another root, with the shared libraries that it loads. */
export function copyProgram(program: string, to: string): void {
  const libraries = execFileSync("ldd", [program], { encoding: "utf8" }).matchAll(/(\/\S+) \(0x/g);
  for (const file of [program, ...Array.from(libraries, ([, path]) => path ?? "")]) {
    mkdirSync(join(to, dirname(file)), { recursive: true });
    cpSync(file, join(to, file), { dereference: true });
  }
}

/** The text of a file of deploy/. */
export function deployFile(name: string): string {
  return readFileSync(join(root, "deploy", name), "utf8");
}
