import { constants } from "node:os";

const names = new Map<number, string>(Object.entries(constants.errno).map(([name, value]) => [value, name]));
// Two errors that the BPF loader meets and that Node's table leaves out (include/linux/errno.h, asm-generic/errno.h).
names.set(524, "ENOTSUPP");
names.set(117, "EUCLEAN");

/** The symbolic name of a positive error number: `EPERM`; `errno 4095` for one without a name. */
export function errnoName(errno: number): string {
  return names.get(errno) ?? `errno ${errno}`;
}
