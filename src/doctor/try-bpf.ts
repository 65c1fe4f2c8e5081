import { spawnSync } from "node:child_process";

/** Milliseconds that the child may take. Where a filter kills a thread only, the others stay, and it never ends. */
const PATIENCE_MS = 5000;

/** Calls bpf(2) by libbpf, for a program that is not there; koffi is the argument. */
const SCRIPT = `
const { default: koffi } = await import(process.argv[1]);
koffi.load("libbpf.so.1").func("int bpf_prog_get_fd_by_id(uint32_t)")(0);
`;

/**
 * Has a child process call bpf(2), since a seccomp filter may kill whoever does. Returns what became of it then;
 * undefined if it came to its end, or could not call at all.
 */
export function findDeath(): string | undefined {
  let koffi: string;
  try {
    koffi = import.meta.resolve("koffi");
  } catch {
    return undefined;
  }
  const { signal, error } = spawnSync(process.execPath, ["--input-type=module", "--eval", SCRIPT, koffi], {
    stdio: "ignore",
    timeout: PATIENCE_MS,
    killSignal: "SIGKILL",
  });
  if (error !== undefined && "code" in error && error.code === "ETIMEDOUT") return "did not go on after it";
  return signal === null ? undefined : `was killed by ${signal}`;
}
