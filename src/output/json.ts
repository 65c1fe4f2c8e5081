import type { Process, ProcessEvent } from "../event/event.ts";
import type { DirectOutput } from "./direct/direct-output.ts";
import { jsonLines } from "./direct/json-lines.ts";
import { execFailedFields, execFields, runningFields } from "./json-exec.ts";
import { exitFields } from "./json-exit.ts";
import type { EnvMode } from "./json-image.ts";
import { lostLines, type LostLinesOptions } from "./json-lost.ts";
import { bootPrefix, jsonProcess, type JsonProcessOptions } from "./json-process.ts";
import { lossReporter } from "./loss-report.ts";
import type { FileSink, TextSink } from "./text-sink.ts";

/** Where the objects go, and what they are made with. */
export interface JsonOptions extends JsonProcessOptions, LostLinesOptions {
  readonly lines: TextSink | FileSink;
  /** Receives lines about losses. */
  readonly diagnostics: (line: string) => void;
  /** Whether environments were asked for, and whether secrets in them are shown. */
  readonly env: EnvMode;
}

/**
 * One JSON object a line for each event, and for what was lost before it: docs/output.md describes the fields. Text of
 * the kernel is whole and harmless: valid UTF-8, nothing that could move a terminal's cursor.
 */
export function jsonOutput(options: JsonOptions): DirectOutput {
  const { lines, diagnostics, env } = options;
  const process = jsonProcess(options);
  const lost = lostLines(options);
  const reportLosses = lossReporter(diagnostics);

  const writeLost = () => {
    const line = lost.take();
    if (line !== undefined) lines.write(`${line}\n`);
  };

  return {
    event(event) {
      writeLost();
      const missing: string[] = [];
      const common = process.fields(event, missing);
      const own = ownFields(event, env, missing);
      // Joined, the line is one piece of memory; concatenated it would be a tree, and those of a whole batch burden the
      // garbage collector more than all else here.
      lines.write([common, own, missingField(missing), "}\n"].join(""));
    },
    lost(losses) {
      reportLosses(losses);
      lost.add(losses);
    },
    flush() {
      writeLost();
      return lines.flush();
    },
    recordWriter(stages) {
      if (env !== "off" || !("buffer" in lines)) return undefined;
      const who = (of: Process) => {
        const missing: string[] = [];
        const text = process.who(of, missing);
        return missing.length === 0 ? text : undefined;
      };
      return jsonLines(lines.buffer, { boot: bootPrefix(options.bootId), who, writeLost }, stages);
    },
  };
}

function ownFields(event: ProcessEvent, env: EnvMode, missing: string[]): string {
  switch (event.kind) {
    case "fork":
      return "";
    case "exec":
      return execFields(event, env, missing);
    case "exec_failed":
      return execFailedFields(event, missing);
    case "exit":
      return exitFields(event, missing);
    case "running":
      return runningFields(event, env, missing);
  }
}

/** Sorted, so that the same are always the same text. */
function missingField(missing: string[]): string {
  return missing.length === 0 ? "" : `,"missing":${JSON.stringify(missing.sort())}`;
}
