import { decodeStatus } from "../../event/exit-status.ts";
import type { Process } from "../../event/event.ts";
import { PlainProgram } from "../../process/program.ts";
import { wire } from "../../probe/wire.ts";
import { statusFields } from "../json-exit.ts";
import { rfc3339Second } from "../json-time.ts";
import type { LineBuffer } from "../line-buffer.ts";
import { NOT_PLAIN, type RecordWriter, type Stages } from "./direct-output.ts";
import { KnownProgram, KnownPrograms } from "./known-programs.ts";
import { Constant, putConstant, putInteger, putNineDigits } from "./put.ts";
import { putPath, putText, putTexts } from "./put-json.ts";
import { LE, readInteger, SplitTime } from "./record-time.ts";
import { cachedWho } from "./who.ts";

const {
  eventHeaderOffsets: header,
  processOffsets: process,
  forkEventOffsets: fork,
  fullExecEventOffsets: exec,
  fullExitEventOffsets: exit,
  usageOffsets: usage,
} = wire;
const { EVENT_FORK, EVENT_FULL_EXEC, EVENT_FULL_EXIT } = wire.EventKind;
const COMM_SIZE = process.uid - process.comm;

/** Where the process stands in every full record. */
const PROCESS = fork.process;

/** More than a line takes besides its texts. */
const LINE_ROOM = 2048;

/** In JSON no byte of a plain text becomes more than this, quotes and commas of a list included. */
const BYTES_PER_BYTE = 3;

/** What stands between the values of a line. */
const text = {
  fork: new Constant('{"type":"fork","time":"'),
  exec: new Constant('{"type":"exec","time":"'),
  exit: new Constant('{"type":"exit","time":"'),
  bootTime: new Constant('Z","boot_time_ns":'),
  dash: new Constant("-"),
  pid: new Constant('","pid":'),
  ppid: new Constant(',"ppid":'),
  comm: new Constant('","comm":"'),
  quote: new Constant('"'),
  nsPid: new Constant(',"ns_pid":'),
  cpu: new Constant(',"cpu":'),
  filename: new Constant(',"filename":"'),
  exe: new Constant('","exe":"'),
  cwd: new Constant('","cwd":"'),
  argv: new Constant('","argv":['),
  argc: new Constant('],"argc":'),
  argvBytes: new Constant(',"argv_bytes":'),
  duration: new Constant(',"duration_ns":'),
  lifetime: new Constant(',"lifetime_ns":'),
  userNs: new Constant(',"usage":{"user_ns":'),
  systemNs: new Constant(',"system_ns":'),
  threads: new Constant('},"threads":'),
  end: new Constant("}\n"),
} as const;

/** The members of `usage` that are told as they are, in their order. */
const counts = [
  ["max_rss_bytes", usage.max_rss_bytes],
  ["read_bytes", usage.read_bytes],
  ["write_bytes", usage.write_bytes],
  ["voluntary_switches", usage.voluntary_switches],
  ["involuntary_switches", usage.involuntary_switches],
  ["minor_faults", usage.minor_faults],
  ["major_faults", usage.major_faults],
].map(([name, at]) => ({ name: new Constant(`,"${name}":`), at: exit.usage + Number(at) }));

/** What the lines are made with. */
export interface JsonLinesOptions {
  /** What every process's `id` begins with. */
  readonly boot: string;
  /** The members of a process from `uid` to `container_id`; undefined if one of them is missing. */
  readonly who: (process: Process) => string | undefined;
  /** Called before each line: what was lost is told first. */
  readonly writeLost: () => void;
}

/**
 * Writes lines of JSON: a fifth of what a line costs by way of events. Plain are records of forks, execs and exits without
 * flags, of which nothing is missing or cut, whose texts are printable ASCII; and not scripts, nor programs that replace
 * another.
 */
export function jsonLines(buffer: LineBuffer, options: JsonLinesOptions, stages: Stages): RecordWriter {
  return new JsonLines(buffer, options, stages).write;
}

class JsonLines {
  readonly #buffer: LineBuffer;
  readonly #writeLost: () => void;
  readonly #stages: Stages;
  readonly #who: ReturnType<typeof cachedWho>;
  readonly #wants: { readonly fork: boolean; readonly exec: boolean; readonly exit: boolean };
  /** The beginning of an `id`, of a `parent_id`, and of a `current_parent_id` behind that. */
  readonly #ids: Readonly<Record<"id" | "parent" | "current", Constant>>;
  readonly #programs = new KnownPrograms();
  readonly #statuses = new Map<number, Constant>();
  readonly #bootTime = new SplitTime();
  readonly #wallTime = new SplitTime();
  readonly #start = new SplitTime();
  readonly #span = new SplitTime();
  #second = NaN;
  #secondText = new Constant("");

  constructor(buffer: LineBuffer, { boot, who, writeLost }: JsonLinesOptions, stages: Stages) {
    const { kinds, cgroupPath } = stages;
    this.#buffer = buffer;
    this.#writeLost = writeLost;
    this.#stages = stages;
    this.#who = cachedWho(who, cgroupPath);
    this.#wants = { fork: kinds.has("fork"), exec: kinds.has("exec"), exit: kinds.has("exit") };
    this.#ids = {
      id: new Constant(`,"id":"${boot}-`),
      parent: new Constant(`,"parent_id":"${boot}-`),
      current: new Constant(`","current_parent_id":"${boot}-`),
    };
  }

  readonly write: RecordWriter = (data, offset, length) => {
    if (length < wire.forkEventSize || data.getUint16(offset + header.flags, LE) !== 0) return NOT_PLAIN;
    const size = data.getUint32(offset + header.size, LE);
    if (size > length) return NOT_PLAIN;
    switch (data.getUint16(offset + header.kind, LE)) {
      case EVENT_FORK:
        return size === wire.forkEventSize ? this.#fork(data, offset) : NOT_PLAIN;
      case EVENT_FULL_EXEC:
        return size >= exec.text ? this.#exec(data, offset, size) : NOT_PLAIN;
      case EVENT_FULL_EXIT:
        return size === wire.fullExitEventSize ? this.#exit(data, offset) : NOT_PLAIN;
      default:
        return NOT_PLAIN;
    }
  };

  #fork(data: DataView, offset: number): number {
    this.#prepare(0);
    let at = this.#putCommon(text.fork, data, offset, offset + PROCESS + process.ppid);
    if (at < 0) return NOT_PLAIN;
    at = putConstant(this.#buffer.view, at, text.end);
    if (!this.#span.read(data, offset + fork.maker_start_boottime)) return NOT_PLAIN;
    this.#stages.processes.forked(
      data.getUint32(offset + PROCESS + process.pid, LE),
      this.#start.total,
      this.#bootTime.total,
      data.getUint32(offset + fork.maker_pid, LE),
      this.#span.total,
    );
    return this.#finish(at, this.#wants.fork);
  }

  #exec(data: DataView, offset: number, size: number): number {
    const filenameSize = data.getUint32(offset + exec.filename_size, LE);
    const exeSize = data.getUint32(offset + exec.exe_size, LE);
    const cwdSize = data.getUint32(offset + exec.cwd_size, LE);
    const argsSize = data.getUint32(offset + exec.args_size, LE);
    const pid = data.getUint32(offset + PROCESS + process.pid, LE);
    if (
      filenameSize === 0 ||
      exeSize === 0 ||
      cwdSize === 0 ||
      argsSize === 0 ||
      exec.text + filenameSize + exeSize + cwdSize + argsSize !== size ||
      data.getUint32(offset + exec.interpreter_size, LE) !== 0 ||
      readInteger(data, offset + exec.args_total) !== argsSize ||
      readInteger(data, offset + exec.previous_exec_boottime) !== 0 ||
      data.getUint32(offset + exec.old_tid, LE) !== pid
    ) {
      return NOT_PLAIN;
    }
    this.#prepare(BYTES_PER_BYTE * size);
    const { bytes, view } = this.#buffer;
    const program = this.#putCommon(text.exec, data, offset, offset + PROCESS + process.ppid);
    const start = this.#start.total;
    const { processes } = this.#stages;
    if (program < 0 || !processes.isFirstExec(pid, start)) return NOT_PLAIN;
    const known = this.#programs.find(data, offset, size);
    if (known !== undefined) {
      processes.execed(pid, start, this.#bootTime.total, known);
      return this.#finish(putConstant(view, program, known.execText), this.#wants.exec);
    }
    let from = offset + exec.text;
    let at = putText(bytes, putConstant(view, program, text.filename), data, from, filenameSize);
    if (at < 0) return NOT_PLAIN;
    from += filenameSize;
    at = putPath(bytes, putConstant(view, at, text.exe), data, from, exeSize);
    if (at < 0) return NOT_PLAIN;
    from += exeSize;
    const behindExe = at;
    at = putPath(bytes, putConstant(view, at, text.cwd), data, from, cwdSize);
    if (at < 0) return NOT_PLAIN;
    from += cwdSize;
    const behindCwd = at;
    at = putTexts(bytes, putConstant(view, at, text.argv), data, from, argsSize);
    if (at < 0) return NOT_PLAIN;
    const behindArgv = at + 1;
    at = putInteger(view, putConstant(view, at, text.argc), data.getUint32(offset + exec.argc, LE));
    at = putInteger(view, putConstant(view, at, text.argvBytes), argsSize);
    at = putConstant(view, at, text.end);
    const json = bytes.toString("latin1", program, behindExe) + bytes.toString("latin1", behindCwd, behindArgv);
    const execText = () => bytes.toString("latin1", program, at);
    processes.execed(pid, start, this.#bootTime.total, this.#programs.add(data, offset, size, execText, json));
    return this.#finish(at, this.#wants.exec);
  }

  #exit(data: DataView, offset: number): number {
    if (
      !this.#bootTime.read(data, offset + header.boot_ns) ||
      !this.#start.read(data, offset + PROCESS + process.start_boottime) ||
      !this.#span.read(data, offset + exit.duration_ns)
    ) {
      return NOT_PLAIN;
    }
    const { processes } = this.#stages;
    const pid = data.getUint32(offset + PROCESS + process.pid, LE);
    const start = this.#start.total;
    const program = processes.programOf(pid, start, this.#bootTime.total - this.#span.total);
    if (!(program instanceof PlainProgram)) return NOT_PLAIN;
    this.#prepare(program.json.length);
    const { bytes, view } = this.#buffer;
    let at = this.#putCommon(text.exit, data, offset, offset + exit.fork_parent_pid);
    if (at < 0) return NOT_PLAIN;
    this.#span.read(data, offset + exit.duration_ns);
    at = putConstant(view, at, this.#status(data.getUint32(offset + exit.status, LE)));
    at = putNs(view, putConstant(view, at, text.duration), this.#span);
    this.#span.setDifference(this.#bootTime, this.#start);
    if (this.#span.seconds < 0) return NOT_PLAIN;
    at = putNs(view, putConstant(view, at, text.lifetime), this.#span);
    if (program instanceof KnownProgram) at = putConstant(view, at, program.exitText);
    else at += bytes.write(program.json, at, "latin1");
    at = putUsage(view, at, data, offset);
    if (at < 0) return NOT_PLAIN;
    at = putInteger(view, putConstant(view, at, text.threads), data.getUint32(offset + exit.threads, LE));
    at = putConstant(view, at, text.end);
    processes.ended(pid, start);
    return this.#finish(at, this.#wants.exit);
  }

  #prepare(size: number): void {
    this.#writeLost();
    this.#buffer.reserve(LINE_ROOM + size);
  }

  #finish(at: number, wanted: boolean): number {
    if (!wanted) return 0;
    this.#buffer.used = at;
    return 1;
  }

  /**
   * The members that all events have. `parent` is the offset of the PID of the parent that `parent_id` names: the one at
   * fork, of an exit.
   */
  #putCommon(kind: Constant, data: DataView, offset: number, parent: number): number {
    const { bytes, view } = this.#buffer;
    const of = offset + PROCESS;
    if (!this.#bootTime.read(data, offset + header.boot_ns)) return NOT_PLAIN;
    this.#wallTime.setSum(this.#bootTime, this.#stages.clock.offset);
    const { seconds, ns } = this.#wallTime;
    const who = this.#who(data, offset, seconds);
    if (who === undefined || !this.#start.read(data, of + process.start_boottime)) return NOT_PLAIN;
    let at = putConstant(view, this.#buffer.used, kind);
    at = putNineDigits(view, putConstant(view, at, this.#textOf(seconds)), ns);
    at = putNs(view, putConstant(view, at, text.bootTime), this.#bootTime);
    const pid = data.getUint32(of + process.pid, LE);
    const ppid = data.getUint32(of + process.ppid, LE);
    at = putInteger(view, putConstant(view, at, this.#ids.id), pid);
    at = putNs(view, putConstant(view, at, text.dash), this.#start);
    at = putInteger(view, putConstant(view, at, text.pid), pid);
    at = putInteger(view, putConstant(view, at, text.ppid), ppid);
    at = this.#putParents(at, data, offset, ppid, parent);
    if (at < 0) return NOT_PLAIN;
    at = putText(bytes, putConstant(view, at, text.comm), data, of + process.comm, COMM_SIZE);
    if (at < 0) return NOT_PLAIN;
    at = putConstant(view, putConstant(view, at, text.quote), who);
    const nsPid = data.getUint32(of + process.namespace_pid, LE);
    if (nsPid !== 0) at = putInteger(view, putConstant(view, at, text.nsPid), nsPid);
    return putInteger(view, putConstant(view, at, text.cpu), data.getUint32(of + process.cpu, LE));
  }

  #textOf(seconds: number): Constant {
    if (seconds !== this.#second) {
      this.#second = seconds;
      this.#secondText = new Constant(rfc3339Second(seconds));
    }
    return this.#secondText;
  }

  #putParents(at: number, data: DataView, offset: number, ppid: number, parent: number): number {
    const { view } = this.#buffer;
    const parentStart = offset + PROCESS + process.parent_start_boottime;
    const isExit = parent === offset + exit.fork_parent_pid;
    const namedPid = data.getUint32(parent, LE);
    if (!this.#span.read(data, isExit ? offset + exit.fork_parent_start_boottime : parentStart)) return NOT_PLAIN;
    const { total } = this.#span;
    at = putInteger(view, putConstant(view, at, this.#ids.parent), namedPid);
    at = putNs(view, putConstant(view, at, text.dash), this.#span);
    if (!isExit) return at;
    if (!this.#span.read(data, parentStart)) return NOT_PLAIN;
    if (namedPid === ppid && total === this.#span.total) return at;
    at = putInteger(view, putConstant(view, at, this.#ids.current), ppid);
    return putNs(view, putConstant(view, at, text.dash), this.#span);
  }

  #status(status: number): Constant {
    let known = this.#statuses.get(status);
    if (known === undefined) {
      known = new Constant(statusFields(decodeStatus(status)));
      this.#statuses.set(status, known);
    }
    return known;
  }
}

/** Usage, but for processes of which the timer has samples of both user and system time: those want more than a number. */
function putUsage(view: DataView, at: number, data: DataView, offset: number): number {
  const user = readInteger(data, offset + exit.usage + usage.user_ns);
  const system = readInteger(data, offset + exit.usage + usage.system_ns);
  const run = readInteger(data, offset + exit.usage + usage.run_ns);
  if ((user !== 0 && system !== 0) || run < 0) return NOT_PLAIN;
  at = putInteger(view, putConstant(view, at, text.userNs), system === 0 ? run : 0);
  at = putInteger(view, putConstant(view, at, text.systemNs), system === 0 ? 0 : run);
  for (const count of counts) {
    const value = readInteger(data, offset + count.at);
    if (value < 0) return NOT_PLAIN;
    at = putInteger(view, putConstant(view, at, count.name), value);
  }
  return at;
}

/** Stores a time as a number of nanoseconds. */
function putNs(view: DataView, at: number, { seconds, ns }: SplitTime): number {
  return seconds === 0 ? putInteger(view, at, ns) : putNineDigits(view, putInteger(view, at, seconds), ns);
}
