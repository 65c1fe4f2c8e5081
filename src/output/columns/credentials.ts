import type { Process, ProcessEvent } from "../../event/event.ts";
import { notApplicable, unknown, valueText, type Column } from "./column.ts";
import { ofProcess, optionalText } from "./of-process.ts";

/** On whose behalf a process runs. */
export const credentialColumns = {
  user: {
    name: "user",
    header: "USER",
    meaning: "name of the real user, or the ID if it has none",
    cells: 8,
    fit: "cut",
    needsFullEvent: true,
    text: ofProcess(({ uid }, { userName }) => valueText(userName(uid) ?? String(uid))),
  },
  uid: {
    name: "uid",
    header: "UID",
    meaning: "ID of the real user",
    cells: 6,
    fit: "whole",
    needsFullEvent: true,
    text: ofProcess(({ uid }) => String(uid)),
  },
  gid: {
    name: "gid",
    header: "GID",
    meaning: "ID of the real group",
    cells: 6,
    fit: "whole",
    needsFullEvent: true,
    text: ofProcess(({ gid }) => String(gid)),
  },
  euid: {
    name: "euid",
    header: "EUID",
    meaning: "effective user of a program that began with more rights than its caller had",
    cells: 6,
    fit: "whole",
    needsFullEvent: true,
    text: euidText,
  },
  loginuid: {
    name: "loginuid",
    header: "LOGINUID",
    meaning: "ID of the user who logged in, whoever the process has become since",
    cells: 8,
    fit: "whole",
    needsFullEvent: true,
    text: loginText(({ loginUid }) => loginUid),
  },
  session: {
    name: "session",
    header: "SESSION",
    meaning: "audit session of the login",
    cells: 7,
    fit: "whole",
    needsFullEvent: true,
    text: loginText(({ sessionId }) => sessionId),
  },
} as const satisfies Readonly<Record<string, Column>>;

function euidText(event: ProcessEvent): string {
  if (event.kind !== "exec") return notApplicable;
  if (event.process === undefined) return unknown;
  return optionalText(event.privileged?.euid);
}

function loginText(read: (process: Process) => number | undefined): Column["text"] {
  return ofProcess((process) => (process.loginKnown ? optionalText(read(process)) : unknown));
}
