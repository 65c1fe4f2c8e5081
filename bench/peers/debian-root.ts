import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** Where peers come from: the newest packages that are meant for a release. */
const SUITE = "forky";
const MIRROR = "http://deb.debian.org/debian";
/** Package debian-archive-keyring. */
const KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg";

/** A package and all that it depends on, unpacked beside the system. */
export interface DebianRoot {
  readonly path: string;
  readonly version: string;
}

/**
 * Unpacks a package of Debian's, with all it depends on down to the C library, into a folder of the user's cache; at the
 * first time only. The system's own packages are not touched.
 *
 * @throws {Error} that says why it cannot be had
 */
export function debianRoot(packageName: string): DebianRoot {
  if (!existsSync("/usr/bin/apt-get")) throw new Error("there is no apt-get here");
  if (!existsSync(KEYRING)) throw new Error(`there is no ${KEYRING} (package debian-archive-keyring)`);
  const cache = process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache");
  const folder = join(cache, "ebpf-bootstrap/bench", `${SUITE}-${packageName}`);
  const path = join(folder, "root");
  const versionFile = join(folder, "version");
  if (!existsSync(versionFile)) {
    rmSync(folder, { recursive: true, force: true });
    const packages = download(packageName, folder);
    unpack(packages, path);
    rmSync(join(folder, "apt"), { recursive: true });
    writeFileSync(versionFile, versionOf(packageName, packages));
  }
  return { path, version: readFileSync(versionFile, "utf8") };
}

/** With an apt of its own, which knows of no installed package. Returns the packages' files. */
function download(packageName: string, folder: string): readonly string[] {
  const apt = join(folder, "apt");
  for (const part of ["lists/partial", "archives/partial"]) mkdirSync(join(apt, part), { recursive: true });
  writeFileSync(join(apt, "status"), "");
  writeFileSync(join(apt, "sources.list"), `deb [signed-by=${KEYRING}] ${MIRROR} ${SUITE} main\n`);
  const settings = {
    "Dir::State": apt,
    "Dir::State::status": join(apt, "status"),
    "Dir::Cache": apt,
    "Dir::Etc::sourcelist": join(apt, "sources.list"),
    "Dir::Etc::sourceparts": "-",
    "APT::Sandbox::User": "root",
    "APT::Install-Recommends": "false",
  };
  const options = Object.entries(settings).flatMap(([name, value]) => ["-o", `${name}=${value}`]);
  run("apt-get", [...options, "-qq", "update"]);
  run("apt-get", [...options, "-qq", "-y", "--download-only", "install", packageName]);
  const archives = join(apt, "archives");
  return readdirSync(archives)
    .filter((file) => file.endsWith(".deb"))
    .map((file) => join(archives, file));
}

function unpack(packages: readonly string[], root: string): void {
  // What Debian's package base-files has: all lies in /usr.
  for (const name of ["bin", "sbin", "lib", "lib64"]) {
    mkdirSync(join(root, "usr", name), { recursive: true });
    symlinkSync(`usr/${name}`, join(root, name));
  }
  for (const name of ["proc", "sys", "dev", "tmp"]) mkdirSync(join(root, name));
  for (const file of packages) {
    run("sh", ["-c", 'dpkg-deb --fsys-tarfile "$1" | tar -x -C "$2" --keep-directory-symlink', "unpack", file, root]);
  }
}

/** A package's file is called name_version_architecture.deb. */
function versionOf(packageName: string, files: readonly string[]): string {
  const name = new RegExp(`/${packageName}_([^_]+)_[^/]*$`);
  return decodeURIComponent(files.map((file) => name.exec(file)?.[1]).find((version) => version !== undefined) ?? "?");
}

function run(program: string, args: readonly string[]): void {
  try {
    execFileSync(program, args, { stdio: ["ignore", "ignore", "pipe"], encoding: "utf8" });
  } catch (error) {
    const stderr = error instanceof Error && "stderr" in error ? String(error.stderr).trim().split("\n").at(-1) : "";
    throw new Error(`${program}: ${stderr ?? ""}`, { cause: error });
  }
}

/**
 * The command that runs a program in such a folder as if it were the whole system; with the machine's own /proc, /sys and
 * /dev, and with tracefs, whether or not it is mounted here. Each step becomes the next, so it is one process.
 */
export function commandIn(
  root: DebianRoot,
  program: string,
  ...args: readonly string[]
): readonly [string, ...string[]] {
  return [
    "/usr/bin/unshare",
    "--mount",
    "--propagation",
    "private",
    "/bin/sh",
    "-c",
    enter,
    "enter",
    root.path,
    program,
    ...args,
  ];
}

const enter = `
root=$1
shift
for part in /proc /sys /dev; do
	mount --rbind "$part" "$root$part" || exit
done
tracing=$root/sys/kernel/tracing
[ -e "$tracing/events" ] || mount -t tracefs tracefs "$tracing" || exit
exec chroot "$root" "$@"
`;
