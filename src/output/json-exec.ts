import type { ExecEvent, ExecFailedEvent, ReplacedImage, RunningEvent } from "../event/event.ts";
import { errnoName } from "../libc/errno.ts";
import { envFields, flag, imageFields, knownText, type EnvMode } from "./json-image.ts";
import { textField } from "./json-text.ts";

/** The fields of an exec that are not in every event. */
export function execFields(event: ExecEvent, env: EnvMode, missing: string[]): string {
  const { filename, filenameCut, image, privileged, oldTid, replaces } = event;
  let text = knownText("filename", filename, missing) + flag("filename_truncated", filenameCut);
  text += imageFields(image, missing);
  if (privileged !== undefined) text += `,"setuid":{"euid":${privileged.euid},"egid":${privileged.egid}}`;
  if (oldTid !== undefined) text += `,"old_tid":${oldTid}`;
  if (replaces !== undefined) text += replacesField(replaces, missing);
  if (image === undefined) missing.push("old_tid", "replaces", "setuid");
  return text + envFields(image, env, missing);
}

/** The fields of a failed exec that are not in every event. */
export function execFailedFields(event: ExecFailedEvent, missing: string[]): string {
  return (
    knownText("filename", event.filename, missing) +
    flag("filename_truncated", event.filenameCut) +
    knownText("cwd", event.cwd, missing) +
    flag("cwd_deleted", event.cwdDeleted) +
    `,"error":"${errnoName(event.errno)}"`
  );
}

/** The fields of a process that ran already which are not in every event. */
export function runningFields(event: RunningEvent, env: EnvMode, missing: string[]): string {
  const { bootNs, image, threads, process } = event;
  // A thread of the kernel runs no program; nothing of one is missing.
  const isProgram = process?.kernelThread !== true;
  let text = isProgram ? imageFields(image, missing) : "";
  text += `,"threads":${threads}`;
  if (process === undefined) missing.push("lifetime_ns");
  else text += `,"lifetime_ns":${bootNs - process.startBootNs}`;
  return isProgram ? text + envFields(image, env, missing) : text;
}

function replacesField({ filename, durationNs }: ReplacedImage, missing: string[]): string {
  let members = "";
  if (filename === undefined) missing.push("replaces.filename");
  else members += textField("filename", filename);
  if (durationNs === undefined) missing.push("replaces.duration_ns");
  else members += `,"duration_ns":${durationNs}`;
  // The first member has a comma before it.
  return `,"replaces":{${members.slice(1)}}`;
}
