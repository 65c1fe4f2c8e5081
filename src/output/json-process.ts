import type { Process, ProcessEvent } from "../event/event.ts";
import { containerId } from "../process/container-id.ts";
import type { UserNames } from "../process/users.ts";
import { textField } from "./json-text.ts";
import { rfc3339Formatter } from "./json-time.ts";

/** What the fields of every event are made with. */
export interface JsonProcessOptions {
  /** Turns the boot clock into nanoseconds since 1970 UTC. */
  readonly wallNs: (bootNs: bigint) => bigint;
  readonly users: UserNames;
  /** Names this run of the machine: /proc/sys/kernel/random/boot_id. */
  readonly bootId: string;
}

/** The fields of every event, from `type` on. */
export interface JsonProcess {
  /** A process's `id`: it is never used again. */
  id(pid: number, startBootNs: bigint): string;
  /** On whose behalf a process runs: the members from `uid` to `container_id`. Adds to `missing` likewise. */
  who(process: Process, missing: string[]): string;
  /** The beginning of an event's object, without a brace at its end. Adds to `missing` what could not be had. */
  fields(event: ProcessEvent, missing: string[]): string;
}

/** Control groups whose fields are remembered. */
const CGROUP_CAPACITY = 4096;

/** What is missing of a process of which no more than its PID is known. */
const ofProcess = [
  ...["cgroup", "container_id", "cpu", "gid", "id", "loginuid"],
  ...["ns_pid", "parent_id", "session_id", "tty", "uid", "user"],
];

/** Formats the fields that all events have. */
export function jsonProcess({ wallNs, users, bootId }: JsonProcessOptions): JsonProcess {
  const boot = bootPrefix(bootId);
  const rfc3339 = rfc3339Formatter();
  const cgroupFields = cgroupFormatter();
  const id = (pid: number, startBootNs: bigint) => `${boot}-${pid}-${startBootNs}`;

  const userField = (uid: number) => {
    const name = users.name(uid);
    return name === undefined ? "" : textField("user", name);
  };

  const who = (process: Process, missing: string[]) => {
    const { uid, gid, loginUid, sessionId, loginKnown, tty, cgroup } = process;
    if (!loginKnown) missing.push("loginuid", "session_id");
    if (cgroup === undefined) missing.push("cgroup", "container_id");
    let text = `,"uid":${uid},"gid":${gid}${userField(uid)}`;
    if (loginUid !== undefined) text += `,"loginuid":${loginUid}`;
    if (sessionId !== undefined) text += `,"session_id":${sessionId}`;
    if (tty !== undefined) text += textField("tty", tty);
    return cgroup === undefined ? text : text + cgroupFields(cgroup);
  };

  const rest = (process: Process, missing: string[]) => {
    const { namespacePid, cpu, kernelThread } = process;
    let text = who(process, missing);
    if (namespacePid !== undefined) text += `,"ns_pid":${namespacePid}`;
    text += `,"cpu":${cpu}`;
    return kernelThread ? `${text},"kernel_thread":true` : text;
  };

  return {
    id,
    who,
    fields(event, missing) {
      const { kind, bootNs, pid, ppid, comm, process } = event;
      const head = `{"type":"${kind}","time":"${rfc3339(wallNs(bootNs))}","boot_time_ns":${bootNs}`;
      if (process === undefined) {
        missing.push(...ofProcess);
        return `${head},"pid":${pid},"ppid":${ppid}${textField("comm", comm)}`;
      }
      const ids = `,"id":"${id(pid, process.startBootNs)}","pid":${pid},"ppid":${ppid}`;
      return `${head}${ids}${parentField(event, process, id, missing)}${textField("comm", comm)}${rest(process, missing)}`;
    },
  };
}

/** At an exit this is the parent at fork, which may be long dead; at all other events the one that `ppid` names. */
function parentField(
  event: ProcessEvent,
  process: Process,
  id: (pid: number, startBootNs: bigint) => string,
  missing: string[],
): string {
  const now = id(event.ppid, process.parentStartBootNs);
  if (event.kind !== "exit") return `,"parent_id":"${now}"`;
  if (event.forkParent === undefined) {
    missing.push("parent_id");
    return `,"current_parent_id":"${now}"`;
  }
  const atFork = id(event.forkParent.pid, event.forkParent.startBootNs);
  return atFork === now ? `,"parent_id":"${now}"` : `,"parent_id":"${atFork}","current_parent_id":"${now}"`;
}

/** What every process's `id` begins with. */
export function bootPrefix(bootId: string): string {
  return bootId.slice(0, 8);
}

function cgroupFormatter(): (cgroup: string) => string {
  const known = new Map<string, string>();
  return (cgroup) => {
    const remembered = known.get(cgroup);
    if (remembered !== undefined) return remembered;
    const container = containerId(cgroup);
    const text = textField("cgroup", cgroup) + (container === undefined ? "" : textField("container_id", container));
    if (known.size >= CGROUP_CAPACITY) known.clear();
    known.set(cgroup, text);
    return text;
  };
}
