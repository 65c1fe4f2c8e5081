import type { LogLevel } from "../libbpf/log.ts";

/** Writes a line to standard error, under the program's name. */
export function say(line: string): void {
  process.stderr.write(`ebpf-bootstrap: ${line}\n`);
}

/** Says what libbpf says. */
export function sayMessage(level: LogLevel, message: string): void {
  say(`libbpf ${level}: ${message}`);
}
