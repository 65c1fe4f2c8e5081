import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { endianness, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** A copy of the built program, for files of it to be changed; gone when it is disposed of. */
export class ProgramCopy implements Disposable {
  readonly directory: string;
  /** The program, for node. */
  readonly main: string;
  /** The BPF object that it loads. */
  readonly object: string;

  /** `modules`: whether it finds the packages that it needs. */
  constructor({ modules = true }: { readonly modules?: boolean } = {}) {
    this.directory = mkdtempSync(join(tmpdir(), "ebpf-bootstrap-copy-"));
    cpSync(join(root, "dist"), join(this.directory, "dist"), { recursive: true });
    cpSync(join(root, "package.json"), join(this.directory, "package.json"));
    if (modules) symlinkSync(join(root, "node_modules"), join(this.directory, "node_modules"));
    this.main = join(this.directory, "dist/src/cli/main.js");
    this.object = join(this.directory, `dist/src/probe/probe_bpf${endianness() === "LE" ? "el" : "eb"}.o`);
  }

  /** Changes the object's bytes. */
  changeObject(change: (bytes: Buffer) => Uint8Array): void {
    writeFileSync(this.object, change(readFileSync(this.object)));
  }

  [Symbol.dispose](): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}
