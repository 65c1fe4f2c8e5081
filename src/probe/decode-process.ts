import type { Process } from "../event/event.ts";
import { wire } from "./wire.ts";

const flags = wire.EventFlag;
const NOT_SET = 0xffff_ffff;

/** Turns a control group's identifier into its path; undefined if that was not told. */
export type CgroupPath = (id: bigint) => string | undefined;

/** Decodes who the process of a full record is. */
export function decodeProcess(
  process: ReturnType<typeof wire.decodeProcess>,
  eventFlags: number,
  cgroupPath: CgroupPath,
): Process {
  return {
    startBootNs: process.start_boottime,
    parentStartBootNs: process.parent_start_boottime,
    uid: process.uid,
    gid: process.gid,
    loginUid: process.login_uid === NOT_SET ? undefined : process.login_uid,
    sessionId: process.session_id === NOT_SET ? undefined : process.session_id,
    loginKnown: (eventFlags & flags.EVENT_LOGIN_UNKNOWN) === 0,
    tty: process.tty === "" ? undefined : process.tty.replace(/^pts(?=\d)/, "pts/"),
    cgroup: cgroupPath(process.cgroup_id),
    namespacePid: process.namespace_pid === 0 ? undefined : process.namespace_pid,
    cpu: process.cpu,
    kernelThread: (eventFlags & flags.EVENT_KERNEL_THREAD) !== 0,
  };
}
