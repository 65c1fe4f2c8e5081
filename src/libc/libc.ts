import { EbpfError } from "../errors.ts";
import { errnoName } from "./errno.ts";
import { koffi } from "./ffi.ts";

/** A native address. */
export type Pointer = bigint;

// null: the C library that Node itself runs on, whatever its file is called.
const libc = koffi.load(null);

/** A function that not every C library has; undefined where it is missing. */
function optional(declaration: string): ReturnType<typeof libc.func> | undefined {
  try {
    return libc.func(declaration);
  } catch {
    return undefined;
  }
}

const native = {
  clock_gettime: libc.func("int clock_gettime(int clock, void *time)") as (clock: number, time: Uint8Array) => number,
  mmap: libc.func("void *mmap(void *addr, size_t length, int prot, int flags, int fd, int64_t offset)") as (
    address: null,
    length: number,
    protection: number,
    flags: number,
    fd: number,
    offset: number,
  ) => Pointer | null,
  munmap: libc.func("int munmap(void *addr, size_t length)") as (address: Pointer, length: number) => number,
  sigprocmask: libc.func("int sigprocmask(int how, void *set, void *oldset)") as (
    how: number,
    set: Uint8Array,
    old: Uint8Array | null,
  ) => number,
  // Of the GNU C library only.
  malloc_trim: optional("int malloc_trim(size_t pad)") as ((pad: number) => number) | undefined,
  getpagesize: libc.func("int getpagesize()") as () => number,
  _exit: libc.func("void _exit(int status)") as unknown as (status: number) => never,
  free: libc.func("void free(void *address)") as (address: Pointer) => void,
  vasprintf: libc.func("int vasprintf(_Out_ void **text, void *format, void *arguments)") as (
    text: [Pointer | null],
    format: Pointer,
    args: Pointer,
  ) => number,
};

/** Bytes per page of memory, the unit of every mapping. */
export const pageSize: number = native.getpagesize();

/** Protection of a mapping: `PROT_READ`, `PROT_READ | PROT_WRITE` (include/uapi/asm-generic/mman-common.h). */
export const protection = { read: 1, readWrite: 3 } as const;

/** Bytes of the largest mapping: a ring of 1 GiB, mapped twice, and its first page. */
const LARGEST_MAPPING = 2 ** 32 - 1;

const MAP_SHARED = 1;
const MAP_FAILED = BigInt.asUintN(64, -1n);

/** Memory shared with the kernel. Views into it must not be touched after `close`: that is a segmentation fault. */
export class Mapping {
  readonly buffer: ArrayBuffer;
  #address: Pointer | undefined;

  /**
   * Maps `length` bytes of `fd` from `offset` on, shared. Storing into a mapping made with `protection.read` is a
   * segmentation fault.
   *
   * @throws {EbpfError} `MMAP_FAILED`
   */
  constructor(fd: number, offset: number, length: number, prot: number) {
    // Beyond this a view cannot be made, and koffi ends the process in the attempt.
    if (!(length > 0 && length <= LARGEST_MAPPING)) {
      throw new EbpfError(
        "MMAP_FAILED",
        `map ${length} bytes of file descriptor ${fd}: 1 to ${LARGEST_MAPPING} can be`,
        {
          operation: "mmap",
        },
      );
    }
    const address = native.mmap(null, length, prot, MAP_SHARED, fd, offset);
    if (address === null || address === MAP_FAILED) {
      const errno = koffi.errno();
      throw new EbpfError("MMAP_FAILED", `map ${length} bytes of file descriptor ${fd}: ${errnoName(errno)}`, {
        operation: "mmap",
        errno,
      });
    }
    this.#address = address;
    this.buffer = koffi.view(address, length);
  }

  /** Unmaps the memory. Idempotent. */
  close(): void {
    if (this.#address === undefined) return;
    native.munmap(this.#address, this.buffer.byteLength);
    this.#address = undefined;
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/** Clock numbers of clock_gettime(2) (include/uapi/linux/time.h). */
export const clocks = { realtime: 0, boottime: 7 } as const;

const timespec = new BigInt64Array(2);
const timespecBytes = new Uint8Array(timespec.buffer);

/** Reads a clock: nanoseconds since its epoch. */
export function clockNs(clock: number): bigint {
  native.clock_gettime(clock, timespecBytes);
  return (timespec[0] ?? 0n) * 1_000_000_000n + (timespec[1] ?? 0n);
}

/** Bytes of a `sigset_t`, and what sigprocmask(2) does with one (glibc; the same on every supported CPU). */
const SIGSET_SIZE = 128;
const SIG_BLOCK = 0;
const SIG_SETMASK = 2;

/** Runs an action during which no signal reaches this thread; those that come are delivered after it. */
export function withSignalsBlocked<T>(action: () => T): T {
  const before = new Uint8Array(SIGSET_SIZE);
  native.sigprocmask(SIG_BLOCK, new Uint8Array(SIGSET_SIZE).fill(0xff), before);
  try {
    return action();
  } finally {
    native.sigprocmask(SIG_SETMASK, before, null);
  }
}

/** Gives memory that native code has freed back to the kernel, where the C library would keep it. */
export function trimMemory(): void {
  native.malloc_trim?.(0);
}

/** The text of a C format string and its `va_list`, which on every supported CPU is passed as a pointer. */
export function formatVarargs(format: Pointer, args: Pointer): string {
  const text: [Pointer | null] = [null];
  if (native.vasprintf(text, format, args) < 0 || text[0] === null) return "";
  const result = koffi.decode.string(text[0]);
  native.free(text[0]);
  return result;
}

/** Ends the process at once (_exit(2)): nothing is flushed, no thread is waited for. */
export function exitNow(status: number): never {
  return native._exit(status);
}
