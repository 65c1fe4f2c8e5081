import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cache, daily, made } from "./cache.ts";

/** What a guest needs cannot be had on this machine, which says nothing of a kernel. */
export class Unavailable extends Error {}

const KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg";
const SUITES_WITH_SECURITY = ["bullseye", "bookworm", "trixie"];

/**
 * Debian's packages of one suite and CPU, whatever this machine runs: its apt fetches them by lists of their own, and
 * they are only unpacked, never installed.
 */
export class Packages {
  readonly #directory: string;
  readonly #options: readonly string[];

  /** @throws {Unavailable} if the list of packages can be had neither from the net nor from the cache */
  constructor(suite: string, architecture: string) {
    this.#directory = join(cache, "apt", `${suite}-${architecture}`);
    this.#options = options(this.#directory, suite, architecture);
    for (const part of ["lists/partial", "archives/partial", "empty"]) {
      mkdirSync(join(this.#directory, part), { recursive: true });
    }
    writeFileSync(join(this.#directory, "status"), "");
    writeFileSync(join(this.#directory, "sources.list"), sources(suite).join("\n"));
    const mark = join(this.#directory, "updated");
    try {
      daily(mark, () => this.#apt("update"));
    } catch (error) {
      if (!existsSync(mark)) throw error;
    }
  }

  /**
   * The files of some packages and of all that they depend on.
   *
   * @throws {Unavailable} if there is no such package
   */
  list(names: readonly string[]): string[] {
    const uris = this.#apt("--print-uris", "install", ...names);
    return Array.from(uris.matchAll(/^'.*' (\S+\.deb) /gm), ([, file = ""]) => file).sort();
  }

  /**
   * Makes sure that a directory holds these packages' files, unpacked, and what `finish` makes of them.
   *
   * @throws {Unavailable} if one can be had neither from the net nor from the cache
   */
  unpack(directory: string, files: readonly string[], finish: (directory: string) => void = () => undefined): string {
    return made(directory, files.join("\n"), (unfinished) => {
      const archives = mkdtempSync(join(this.#directory, "download-"));
      try {
        this.#aptIn(archives, "download", ...files.map(nameAndVersion));
        for (const archive of readdirSync(archives).sort(filesystemFirst)) {
          execFileSync("dpkg-deb", ["-x", join(archives, archive), unfinished]);
        }
      } finally {
        rmSync(archives, { recursive: true, force: true });
      }
      finish(unfinished);
    });
  }

  #apt(...args: readonly string[]): string {
    return this.#aptIn(this.#directory, ...args);
  }

  #aptIn(cwd: string, ...args: readonly string[]): string {
    try {
      return execFileSync("apt-get", [...this.#options, ...args], {
        cwd,
        encoding: "utf8",
        stdio: ["ignore", "pipe", "pipe"],
        env: { ...process.env, LC_ALL: "C" },
      });
    } catch (error) {
      throw new Unavailable(`apt-get: ${said(error)}`, { cause: error });
    }
  }
}

/** What a command that failed had to say, on one line. */
function said(error: unknown): string {
  const stderr = error instanceof Error && "stderr" in error ? String(error.stderr).trim() : "";
  return (stderr || String(error)).split("\n").join("; ");
}

function options(directory: string, suite: string, architecture: string): string[] {
  const settings = {
    "APT::Architecture": architecture,
    "APT::Architectures": architecture,
    // Packages of a backports suite are taken only if it is named; those of the security suite without.
    ...(suite.endsWith("-backports") && { "APT::Default-Release": suite }),
    "APT::Install-Recommends": "false",
    "APT::Sandbox::User": "root",
    "Acquire::Languages": "none",
    Dir: directory,
    "Dir::State": directory,
    "Dir::State::status": join(directory, "status"),
    "Dir::Cache": directory,
    "Dir::Etc::sourcelist": join(directory, "sources.list"),
    "Dir::Etc::sourceparts": join(directory, "empty"),
    "Dir::Etc::preferences": join(directory, "none"),
    "Dir::Etc::preferencesparts": join(directory, "empty"),
  };
  return ["-qq", "-y", ...Object.entries(settings).flatMap(([name, value]) => ["-o", `${name}=${value}`])];
}

/** The mirrors are those that this machine's own apt uses; without any, Debian's. */
function sources(suite: string): string[] {
  if (!existsSync(KEYRING)) throw new Unavailable(`there is no ${KEYRING}: install debian-archive-keyring`);
  const format = ["indextargets", "--format", "$(ORIGIN) $(REPO_URI)"];
  const lines = execFileSync("apt-get", format, { encoding: "utf8" }).split("\n");
  const mirrors = lines.filter((line) => line.startsWith("Debian ")).map((line) => line.slice("Debian ".length));
  const main = mirrors.find((uri) => /\/debian\/?$/.test(uri)) ?? "http://deb.debian.org/debian";
  const security = mirrors.find((uri) => /security\/?$/.test(uri)) ?? "http://security.debian.org/debian-security";
  const release = suite.replace(/-backports$/, "");
  return [
    ...[...new Set([release, suite])].map((name) => `deb [signed-by=${KEYRING}] ${main} ${name} main`),
    ...(SUITES_WITH_SECURITY.includes(release)
      ? [`deb [signed-by=${KEYRING}] ${security} ${release}-security main`]
      : []),
  ];
}

/** `kmod_30%2b1-2_amd64.deb` → `kmod=30+1-2` */
function nameAndVersion(file: string): string {
  const [name = "", version = ""] = file.split("_");
  return `${name}=${decodeURIComponent(version)}`;
}

/** base-files brings the symbolic links from /bin to /usr/bin and so on, which the others' files must find. */
function filesystemFirst(left: string, right: string): number {
  return Number(right.startsWith("base-files_")) - Number(left.startsWith("base-files_")) || (left < right ? -1 : 1);
}
