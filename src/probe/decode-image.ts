import type { Image } from "../event/event.ts";
import type { RecordText } from "./record-text.ts";
import { wire } from "./wire.ts";

const flags = wire.EventFlag;

/** Decodes what runs in a process; `text` stands behind the file name. */
export function decodeImage(record: ReturnType<typeof wire.decodeFullExecEvent>, text: RecordText): Image {
  const eventFlags = record.header.flags;
  const has = (flag: number): boolean => (eventFlags & flag) !== 0;
  const interpreter = text.string(record.interpreter_size);
  const exe = text.path(record.exe_size);
  const cwd = text.path(record.cwd_size);
  // None that were read, with a limit of 0, are a beginning too.
  const argsRead = !has(flags.EVENT_ARGS_FAULT);
  const argv = text.strings(record.args_size) ?? (argsRead ? [] : undefined);
  const env = text.strings(record.env_size);
  const memfd = has(flags.EVENT_EXE_MEMFD);
  const ranExec = record.header.kind === wire.EventKind.EVENT_FULL_EXEC;
  return {
    exe: memfd ? exe?.slice(1) : exe,
    interpreter,
    cwd,
    argv,
    argc: ranExec ? record.argc : undefined,
    argvBytes: ranExec ? Number(record.args_total) : undefined,
    argvTruncated: BigInt(record.args_size) < record.args_total && argv !== undefined,
    env: env ?? (ranExec && record.env_total === 0n ? [] : undefined),
    envTruncated: env !== undefined && BigInt(record.env_size) < record.env_total,
    memfd,
    cwdDeleted: has(flags.EVENT_CWD_DELETED),
    deleted: has(flags.EVENT_EXE_DELETED) && !memfd,
  };
}
