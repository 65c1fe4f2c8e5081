// In a guest: has ordinary and rare things happen under the monitor, and prints which fields its records have.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, copyFileSync, writeFileSync } from "node:fs";
import { fixture } from "../kernel/fixture.ts";
import { Held } from "../kernel/truth/held.ts";
import { JsonMonitor } from "../kernel/truth/json-monitor.ts";
import type { JsonRecord } from "../kernel/truth/record.ts";
import { Scratch } from "../kernel/truth/scratch.ts";

/** How a kernel does with a field: in records; or named in `missing`, in all that could have it. */
export type Fields = Record<string, "told" | "missing">;

using scratch = new Scratch();
const tiny = fixture("tiny");
const hold = fixture("hold");
const script = scratch.file("script");
const copy = scratch.file("copy");
const privileged = scratch.file("privileged");
writeFileSync(script, "#!/bin/sh\nexit 3\n", { mode: 0o755 });
copyFileSync(tiny, copy);
copyFileSync(tiny, privileged);
chmodSync(privileged, 0o4755);

const scenes: readonly (readonly [program: string, ...args: string[]])[] = [
  [tiny, "5"],
  [script],
  ["/bin/sh", "-c", `exec /bin/sh -c 'exec ${tiny}'`],
  ["/bin/sh", "-c", `echo 4242 >/proc/self/loginuid; exec ${tiny}`],
  ["/bin/sh", "-c", "kill -KILL $$"],
  ["/bin/sh", "-c", "(sleep 1)& exit 0"],
  ["setpriv", "--reuid", "65534", privileged],
  ["unshare", "--pid", "--fork", tiny],
  [fixture("nine-threads"), "9"],
  [fixture("exec-from-thread"), tiny],
  [fixture("exec-memfd"), tiny],
  [fixture("exec-unlinked"), copy],
  [fixture("on-terminal"), tiny],
  [fixture("try-exec"), "/nonexistent/program"],
];

async function run([program, ...args]: readonly [string, ...string[]]): Promise<void> {
  await once(spawn(program, args, { stdio: "ignore" }), "exit");
}

async function everything(): Promise<readonly JsonRecord[]> {
  await using older = await Held.start(hold, ["older"]);
  await using monitor = await JsonMonitor.start("--env");
  await monitor.until(({ type, pid }) => type === "running" && pid === older.pid, "find it");
  for (const scene of scenes) await run(scene);
  await older.release();
  await run(["sleep", "1"]);
  await monitor.settle();
  await monitor.end();
  return monitor.records;
}

/** What exits say where execs are not sent. */
async function exitsAlone(): Promise<readonly JsonRecord[]> {
  await using monitor = await JsonMonitor.startWith(["exit"], "-d", "0.001");
  for (const scene of scenes) await run(scene);
  await monitor.settle();
  await monitor.end();
  return monitor.records;
}

function fieldsOf(records: readonly JsonRecord[], suffix: string): Fields {
  const fields: Fields = {};
  for (const record of records) {
    if (record.kernel_thread === true) continue;
    for (const name of record.missing ?? []) fields[`${record.type}${suffix}.${name}`] ??= "missing";
  }
  for (const record of records) {
    for (const name of namesIn(record)) fields[`${record.type}${suffix}.${name}`] = "told";
  }
  return fields;
}

/** Names of values, those inside an object as `usage.read_bytes`. */
function namesIn(record: object, prefix = ""): string[] {
  return Object.entries(record).flatMap(([name, value]: [string, unknown]) => {
    if (name === "missing" || name.endsWith("_base64")) return [];
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject ? namesIn(value, `${prefix}${name}.`) : [prefix + name];
  });
}

const fields = { ...fieldsOf(await everything(), ""), ...fieldsOf(await exitsAlone(), " with -d") };
console.log(JSON.stringify({ fields }));
