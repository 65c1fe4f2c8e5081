import { readLink, readText } from "./read.ts";

/** The inodes of the namespaces that the machine boots with: part of the kernel's ABI (include/uapi/linux/nsfs.h). */
const initialInode = { user: 0xeffffffd, pid: 0xeffffffc } as const;

/** Whether this process is in the machine's own namespace of a kind; undefined if that cannot be found out. */
export function inInitialNamespace(kind: keyof typeof initialInode): boolean | undefined {
  const inode = /\[(\d+)\]/.exec(readLink(`/proc/self/ns/${kind}`) ?? "")?.[1];
  return inode === undefined ? undefined : Number(inode) === initialInode[kind];
}

/**
 * Whether /proc names processes by the machine's PIDs, as the kernel side does. In a container it has those of the
 * container, and another process stands under the same number.
 */
export function procHasMachinePids(): boolean {
  return inInitialNamespace("pid") === true || isKernelThread(readText("/proc/2/stat"));
}

/** Threads of the kernel are seen in the initial PID namespace only; their parent is process 0. */
function isKernelThread(stat: string | undefined): boolean {
  return stat?.startsWith("2 (kthreadd) ") === true && /^2 \(kthreadd\) \w 0 /.test(stat);
}
