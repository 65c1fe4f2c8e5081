import { koffi } from "./ffi.ts";
import type { Pointer } from "./libc.ts";

const libc = koffi.load(null);

/** The beginning of `struct passwd` (<pwd.h>), which is the same in glibc and musl on 64-bit CPUs. */
const passwd = koffi.struct("passwd", {
  pw_name: "const char *",
  pw_passwd: "const char *",
  pw_uid: "uint32_t",
  pw_gid: "uint32_t",
});

interface Passwd {
  readonly pw_name: string;
  readonly pw_uid: number;
  readonly pw_gid: number;
}

const getpwnam = libc.func("void *getpwnam(const char *name)") as (name: string) => Pointer | null;
const getpwuid = libc.func("void *getpwuid(uint32_t uid)") as (uid: number) => Pointer | null;

/** A user account of this machine, from whatever source it is set up to ask (nsswitch.conf(5)). */
export interface Account {
  readonly name: string;
  readonly uid: number;
  /** Its primary group. */
  readonly gid: number;
}

/** The account of a name; undefined if there is none. May ask the network, where accounts come from there. */
export function accountOfName(name: string): Account | undefined {
  return decode(getpwnam(name));
}

/** The account of a user ID; undefined if there is none. May ask the network, where accounts come from there. */
export function accountOfUid(uid: number): Account | undefined {
  return decode(getpwuid(uid));
}

function decode(pointer: Pointer | null): Account | undefined {
  if (pointer === null) return undefined;
  const { pw_name, pw_uid, pw_gid } = koffi.decode(pointer, passwd) as Passwd;
  return { name: pw_name, uid: pw_uid, gid: pw_gid };
}
