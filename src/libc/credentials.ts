import { readdirSync, readFileSync } from "node:fs";
import { EbpfError } from "../errors.ts";
import { errnoName } from "./errno.ts";
import { koffi } from "./ffi.ts";

const libc = koffi.load(null);

const setgroups = libc.func("int setgroups(size_t size, const uint32_t *list)") as (
  size: number,
  list: readonly number[],
) => number;
const setgid = libc.func("int setgid(uint32_t gid)") as (gid: number) => number;
const setuid = libc.func("int setuid(uint32_t uid)") as (uid: number) => number;

/**
 * Makes all threads of this process another user's, and no more than one group's; if root does so, for good and with
 * the loss of every capability. Node's own `process.setgroups` and its like are not used: a Node.js that shares libuv
 * with other programs, as some distributions' does, refuses them all, whether or not it uses what they are unsafe with.
 *
 * @throws {EbpfError} `PRIVILEGES_KEPT` if the kernel does not allow it, or works for this process in an io_uring thread,
 *   which would go on with the rights of before; that is not found out where /proc cannot be read
 */
export function becomeUser(uid: number, gid: number): void {
  if (hasIoUringThread()) {
    throw new EbpfError("PRIVILEGES_KEPT", "give up root: Node.js uses io_uring, which would keep root's rights", {
      hint: "Start it with UV_USE_IO_URING=0 in its environment, or with --keep-privileges.",
    });
  }
  call("setgroups", setgroups(1, [gid]));
  call("setgid", setgid(gid));
  call("setuid", setuid(uid));
}

function call(name: string, result: number): void {
  if (result === 0) return;
  const errno = koffi.errno();
  throw new EbpfError("PRIVILEGES_KEPT", `give up root: ${name}: ${errnoName(errno)}`, {
    operation: name,
    errno,
    hint: "Start it with --keep-privileges.",
  });
}

/** Only an io_uring that a thread of the kernel's polls works with other rights than those of whoever hands it the work. */
function hasIoUringThread(): boolean {
  return descriptors().some((descriptor) => {
    try {
      return /^SqThread:\s*\d/m.test(readFileSync(`/proc/self/fdinfo/${descriptor}`, "utf8"));
    } catch {
      return false;
    }
  });
}

function descriptors(): string[] {
  try {
    return readdirSync("/proc/self/fdinfo");
  } catch {
    return [];
  }
}
