import { spawn } from "node:child_process";
import { once } from "node:events";

/** Milliseconds that the call may take. Where a filter kills a thread only, the others stay, and it never ends. */
const PATIENCE_MS = 2000;

/** Calls bpf(2) by libbpf, for a program that is not there; koffi is the argument. Writes a byte before and after. */
const SCRIPT = `
import { writeSync } from "node:fs";
const { default: koffi } = await import(process.argv[1]);
const call = koffi.load("libbpf.so.1").func("int bpf_prog_get_fd_by_id(uint32_t)");
writeSync(1, ".");
call(0);
writeSync(1, ".");
`;

/**
 * Has a child process call bpf(2), since a seccomp filter may kill whoever does. Returns what became of it then;
 * undefined if it came to its end, or could not call at all.
 */
export async function findDeath(): Promise<string | undefined> {
  let koffi: string;
  try {
    koffi = import.meta.resolve("koffi");
  } catch {
    return undefined;
  }
  const child = spawn(process.execPath, ["--input-type=module", "--eval", SCRIPT, koffi], {
    // No "ignore", since there need not be a /dev/null.
    stdio: "pipe",
  });
  child.stderr.resume();
  let bytes = 0;
  let timer: NodeJS.Timeout | undefined;
  child.stdout.on("data", (chunk: Buffer) => {
    bytes += chunk.length;
    clearTimeout(timer);
    if (bytes === 1) timer = setTimeout(() => child.kill("SIGKILL"), PATIENCE_MS);
  });
  try {
    await once(child, "close");
  } catch {
    // It could not be started.
    return undefined;
  }
  clearTimeout(timer);
  if (bytes !== 1 || child.signalCode === null) return undefined;
  return child.signalCode === "SIGKILL" ? "did not go on after it" : `was killed by ${child.signalCode}`;
}
