export { diagnose, type DiagnoseOptions, type Diagnosis } from "./doctor/diagnose.ts";
export type { LiveTest } from "./doctor/live-test.ts";
export { EbpfError, type EbpfErrorOptions, type Finding } from "./errors.ts";
export type {
  EventKind,
  ExecEvent,
  ExecFailedEvent,
  ExitEvent,
  ExitStatus,
  ForkEvent,
  Image,
  Process,
  ProcessEvent,
  ProcessName,
  ReplacedImage,
  RunningEvent,
  Usage,
} from "./event/event.ts";
export { totalLosses, type Losses } from "./event/losses.ts";
export { signalName } from "./event/signal-name.ts";
export { LibbpfError, LibbpfNotFoundError, VerifierError } from "./libbpf/errors.ts";
export { KernelBtf } from "./libbpf/kernel-btf.ts";
export type { Link } from "./libbpf/link.ts";
export type { LogLevel, LogListener } from "./libbpf/log.ts";
export type { BpfMap } from "./libbpf/map.ts";
export { BpfObject, libbpfVersion, type OpenOptions } from "./libbpf/object.ts";
export type { Program } from "./libbpf/program.ts";
export type { ProgramInfo } from "./libbpf/program-info.ts";
export { RingBuffer, type WaitResult } from "./libbpf/ring-buffer.ts";
export type { RecordHandler } from "./libbpf/ring.ts";
export type { Variable } from "./libbpf/variable.ts";
export type { Monitor, Summary } from "./monitor/monitor.ts";
export { openMonitor, type MonitorOptions } from "./monitor/open-monitor.ts";
export type { Output } from "./output/output.ts";
export { printable } from "./output/printable.ts";
