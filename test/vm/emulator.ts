import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { cache } from "./cache.ts";
import { Packages, Unavailable } from "./packages.ts";

/** Of version 10: guests crash under the software emulation of 7.2, which Debian 12 has. */
const SUITE = "trixie";
const PACKAGES = ["qemu-system-x86", "qemu-system-arm", "qemu-system-s390x"];

/** QEMU, unpacked with every library that it needs, whatever this machine has installed. */
export class Emulator {
  readonly #directory: string;
  readonly #triplet: string;

  /** @throws {Unavailable} */
  constructor() {
    const architecture = execFileSync("dpkg", ["--print-architecture"], { encoding: "utf8" }).trim();
    const packages = new Packages(SUITE, architecture);
    this.#directory = packages.unpack(join(cache, "qemu"), packages.list(PACKAGES));
    this.#triplet = architecture === "arm64" ? "aarch64-linux-gnu" : "x86_64-linux-gnu";
    this.#check();
  }

  /** The command that starts one of its programs, by the dynamic linker that came with it. */
  command(program: string, ...args: readonly string[]): string[] {
    const linker = this.#triplet.startsWith("x86_64") ? "ld-linux-x86-64.so.2" : "ld-linux-aarch64.so.1";
    const libraries = join(this.#directory, "usr/lib", this.#triplet);
    return [
      join(libraries, linker),
      "--library-path",
      libraries,
      join(this.#directory, "usr/bin", program),
      ...["-L", join(this.#directory, "usr/share/qemu"), "-L", join(this.#directory, "usr/share/seabios")],
      ...args,
    ];
  }

  /** The variables of its environment. */
  get environment(): NodeJS.ProcessEnv {
    return { ...process.env, QEMU_MODULE_DIR: join(this.#directory, "usr/lib", this.#triplet, "qemu") };
  }

  /** Makes sure that it runs here at all. */
  #check(): void {
    const [program = "", ...args] = this.command("qemu-system-x86_64", "--version");
    try {
      execFileSync(program, args, { env: this.environment, stdio: "pipe" });
    } catch (error) {
      throw new Unavailable(`QEMU does not run: ${String(error)}`, { cause: error });
    }
  }
}
