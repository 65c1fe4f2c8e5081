import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import type { ExitEvent, Image, Process, ProcessEvent, Usage } from "../../src/event/event.ts";
import { noLosses } from "../../src/event/losses.ts";
import { jsonOutput, type JsonOptions } from "../../src/output/json.ts";
import { exec, exit, image, process, running, usage } from "./json-samples.ts";

const schema = JSON.parse(
  readFileSync(new URL("../../docs/process-event.schema.json", import.meta.url), "utf8"),
) as object;
const ajv = new Ajv2020({ allErrors: true });
const validate = ajv.compile(schema);

function assertValid(line: string): void {
  const valid = validate(JSON.parse(line));
  assert.ok(valid, `${line}\n${ajv.errorsText(validate.errors)}`);
}

/** An output of a machine that was booted at 2026-01-01T12:34:51Z, with ann for user 1000. */
function makeJson(options: Partial<JsonOptions> = {}) {
  let text = "";
  let flushed = "";
  const diagnostics: string[] = [];
  const output = jsonOutput({
    lines: {
      write: (part) => {
        text += part;
      },
      flush: () => {
        flushed = text;
        return Promise.resolve();
      },
    },
    diagnostics: (line) => diagnostics.push(line),
    wallNs: (bootNs) => BigInt(Date.parse("2026-01-01T12:34:51Z")) * 1_000_000n + bootNs,
    nowBootNs: () => 5_000_000_000n,
    users: { name: (uid) => (uid === 1000 ? "ann" : undefined) },
    bootId: "3f2a9c1e-7b1d-4f0a-9d52-1c3e5a7b9d01",
    env: "off",
    ...options,
  });
  return { output, text: () => text, flushed: () => flushed, diagnostics };
}

function lineOf(event: ProcessEvent, options: Partial<JsonOptions> = {}): string {
  const { output, text } = makeJson(options);
  output.event(event);
  return text();
}

const AT = '"time":"2026-01-01T13:46:23.750000000Z","boot_time_ns":4292750000000';
const AT_END = '"time":"2026-01-01T13:46:23.753456789Z","boot_time_ns":4292753456789';
const IDS = '"id":"3f2a9c1e-1234-4292746002956","pid":1234,"ppid":1200,"parent_id":"3f2a9c1e-1200-17000000"';
const USER = '"uid":1000,"gid":1000,"user":"ann","loginuid":1000,"session_id":3,"tty":"pts/0"';
const WHO = `${IDS},"comm":"ls",${USER},"cgroup":"/user.slice/user-1000.slice/session-3.scope","cpu":1`;
const IMAGE = '"exe":"/usr/bin/ls","cwd":"/home/ann","argv":["ls","-l",""],"argc":3,"argv_bytes":7';
const USAGE =
  '"usage":{"user_ns":1000000,"system_ns":2000000,"max_rss_bytes":3145728,"read_bytes":4096,"write_bytes":0,' +
  '"voluntary_switches":1,"involuntary_switches":2,"minor_faults":90,"major_faults":1}';
const ENDED = `"duration_ns":3456789,"lifetime_ns":7453833,"filename":"/usr/bin/ls","exe":"/usr/bin/ls","argv":["ls","-l",""]`;

function withProcess<E extends ProcessEvent>(event: E, changes: Partial<Process>): E {
  return { ...event, process: { ...process, ...changes } };
}

const unknownImage: Image = {
  ...image,
  exe: undefined,
  cwd: undefined,
  argv: undefined,
  argc: undefined,
  argvBytes: undefined,
};

const lines: readonly (readonly [name: string, event: ProcessEvent, line: string, options?: Partial<JsonOptions>])[] = [
  ["a fork", { ...exec, kind: "fork", maker: { pid: 10, startBootNs: 1n } }, `{"type":"fork",${AT},${WHO}}`],
  ["an exec", exec, `{"type":"exec",${AT},${WHO},"filename":"/usr/bin/ls",${IMAGE}}`],
  [
    "an exec of which everything is to be said",
    {
      ...withProcess(exec, { cgroup: "/lxc.payload.web/init.scope", namespacePid: 7 }),
      filename: "./a",
      filenameCut: true,
      image: { ...image, interpreter: "/bin/sh", argvTruncated: true, memfd: true, deleted: true },
      privileged: { euid: 0, egid: 42 },
      oldTid: 1240,
      replaces: { filename: "/bin/sh", durationNs: 12_345n },
    },
    `{"type":"exec",${AT},${IDS},"comm":"ls",${USER},"cgroup":"/lxc.payload.web/init.scope","container_id":"web",` +
      '"ns_pid":7,"cpu":1,"filename":"./a","filename_truncated":true,"exe":"/usr/bin/ls","interpreter":"/bin/sh",' +
      '"cwd":"/home/ann","argv":["ls","-l",""],"argc":3,"argv_bytes":7,"argv_truncated":true,"memfd":true,' +
      '"deleted":true,"setuid":{"euid":0,"egid":42},"old_tid":1240,' +
      '"replaces":{"filename":"/bin/sh","duration_ns":12345}}',
  ],
  [
    "an exec of which little could be had",
    {
      ...withProcess(exec, {
        loginUid: undefined,
        sessionId: undefined,
        loginKnown: false,
        tty: undefined,
        cgroup: undefined,
        uid: 5,
      }),
      filename: undefined,
      image: unknownImage,
      replaces: { filename: undefined, durationNs: 1n },
    },
    `{"type":"exec",${AT},${IDS},"comm":"ls","uid":5,"gid":1000,"cpu":1,"replaces":{"duration_ns":1},"missing":["argc",` +
      '"argv","argv_bytes","cgroup","container_id","cwd","exe","filename","loginuid","replaces.filename","session_id"]}',
  ],
  [
    "a process without a login and a terminal, of which nothing is missing",
    withProcess(exec, { loginUid: undefined, sessionId: undefined, tty: undefined }),
    `{"type":"exec",${AT},${IDS},"comm":"ls","uid":1000,"gid":1000,"user":"ann",` +
      `"cgroup":"/user.slice/user-1000.slice/session-3.scope","cpu":1,"filename":"/usr/bin/ls",${IMAGE}}`,
  ],
  [
    "bytes that are not UTF-8",
    {
      ...exec,
      comm: "a\udcff",
      filename: "\udc80",
      image: { ...image, exe: "/\udcc3(", cwd: "/\udcff\n", argv: ["ls", "\udcff", "é"] },
    },
    `{"type":"exec",${AT},${IDS},"comm":"a\ufffd","comm_base64":"Yf8=",${USER},` +
      '"cgroup":"/user.slice/user-1000.slice/session-3.scope","cpu":1,"filename":"\ufffd","filename_base64":"gA==",' +
      '"exe":"/\ufffd(","exe_base64":"L8Mo","cwd":"/\ufffd\\n","cwd_base64":"L/8K",' +
      '"argv":["ls","\ufffd","é"],"argv_base64":[null,"/w==",null],"argc":3,"argv_bytes":7}',
  ],
  [
    "an environment with its secrets hidden",
    { ...exec, image: { ...image, env: ["HOME=/root", "TOKEN=x", "A=b://c", "D=e://fg"], envTruncated: true } },
    `{"type":"exec",${AT},${WHO},"filename":"/usr/bin/ls",${IMAGE},"env":["HOME=/root","TOKEN=[redacted]",` +
      '"A=b://c","D=[redacted]"],' +
      '"env_truncated":true}',
    { env: "redacted" },
  ],
  [
    "an environment as it is",
    { ...exec, image: { ...image, env: ["TOKEN=\udcff"] } },
    `{"type":"exec",${AT},${WHO},"filename":"/usr/bin/ls",${IMAGE},"env":["TOKEN=\ufffd"],"env_base64":["VE9LRU49/w=="]}`,
    { env: "raw" },
  ],
  [
    "an environment that was asked for and could not be had",
    exec,
    `{"type":"exec",${AT},${WHO},"filename":"/usr/bin/ls",${IMAGE},"missing":["env"]}`,
    { env: "redacted" },
  ],
  [
    "a failed exec",
    { ...exec, kind: "exec_failed", filename: "nope", filenameCut: false, cwd: "/", cwdDeleted: false, errno: 2 },
    `{"type":"exec_failed",${AT},${WHO},"filename":"nope","cwd":"/","error":"ENOENT"}`,
  ],
  [
    "a failed exec in a directory that has been deleted",
    { ...exec, kind: "exec_failed", filename: "nope", filenameCut: false, cwd: "/gone", cwdDeleted: true, errno: 2 },
    `{"type":"exec_failed",${AT},${WHO},"filename":"nope","cwd":"/gone","cwd_deleted":true,"error":"ENOENT"}`,
  ],
  [
    "a failed exec whose file name could not be read",
    {
      ...exec,
      kind: "exec_failed",
      filename: undefined,
      filenameCut: false,
      cwd: undefined,
      cwdDeleted: false,
      errno: 14,
    },
    `{"type":"exec_failed",${AT},${WHO},"error":"EFAULT","missing":["cwd","filename"]}`,
  ],
  ["an exit", exit, `{"type":"exit",${AT_END},${WHO},"exit_code":0,${ENDED},${USAGE},"threads":1}`],
  [
    "a death by signal",
    { ...exit, status: { kind: "signaled", signal: 11, coreDumped: true } },
    `{"type":"exit",${AT_END},${WHO},"signal":"SIGSEGV","core_dumped":true,${ENDED},${USAGE},"threads":1}`,
  ],
  [
    "a death by a real-time signal",
    { ...exit, status: { kind: "signaled", signal: 37, coreDumped: false } },
    `{"type":"exit",${AT_END},${WHO},"signal":"SIGRTMIN+3","core_dumped":false,${ENDED},${USAGE},"threads":1}`,
  ],
  [
    "an exit after the parent's death",
    { ...withProcess(exit, { parentStartBootNs: 100n }), ppid: 1 },
    `{"type":"exit",${AT_END},"id":"3f2a9c1e-1234-4292746002956","pid":1234,"ppid":1,` +
      `"parent_id":"3f2a9c1e-1200-17000000","current_parent_id":"3f2a9c1e-1-100","comm":"ls",${USER},` +
      `"cgroup":"/user.slice/user-1000.slice/session-3.scope","cpu":1,"exit_code":0,${ENDED},${USAGE},"threads":1}`,
  ],
  [
    "the exit of a process of which little was seen",
    { ...exit, durationExact: false, filename: undefined, image: undefined, threads: undefined, forkParent: undefined },
    `{"type":"exit",${AT_END},"id":"3f2a9c1e-1234-4292746002956","pid":1234,"ppid":1200,` +
      `"current_parent_id":"3f2a9c1e-1200-17000000","comm":"ls",${USER},` +
      '"cgroup":"/user.slice/user-1000.slice/session-3.scope","cpu":1,"exit_code":0,"lifetime_ns":7453833,' +
      `${USAGE},"missing":["argv","deleted","duration_ns","exe","filename","memfd","parent_id","threads"]}`,
  ],
  [
    "usage that is not whole",
    { ...exit, usage: { ...usage, readBytes: undefined, writeBytes: undefined, partial: true } },
    `{"type":"exit",${AT_END},${WHO},"exit_code":0,${ENDED},"usage":{"user_ns":1000000,"system_ns":2000000,` +
      '"max_rss_bytes":3145728,"voluntary_switches":1,"involuntary_switches":2,"minor_faults":90,"major_faults":1,' +
      '"partial":true},"threads":1,"missing":["usage.read_bytes","usage.write_bytes"]}',
  ],
  ["a running process", running, `{"type":"running",${AT},${WHO},${IMAGE},"threads":1,"lifetime_ns":3997044}`],
  [
    "a running thread of the kernel, which has no program to miss",
    { ...withProcess(running, { kernelThread: true }), image: unknownImage },
    `{"type":"running",${AT},${WHO},"kernel_thread":true,"threads":1,"lifetime_ns":3997044}`,
    { env: "raw" },
  ],
  [
    "the end of a thread of the kernel",
    { ...withProcess(exit, { kernelThread: true }), filename: undefined, image: undefined },
    `{"type":"exit",${AT_END},${WHO},"kernel_thread":true,"exit_code":0,"duration_ns":3456789,"lifetime_ns":7453833,` +
      `${USAGE},"threads":1}`,
  ],
];

describe("jsonOutput", () => {
  for (const [name, event, line, options] of lines) {
    it(`writes ${name}`, () => {
      const written = lineOf(event, options);
      assert.equal(written, `${line}\n`);
      assertValid(written);
    });
  }

  it("writes a brief event with all that it lacks in `missing`", () => {
    const brief: ExitEvent = {
      ...exit,
      process: undefined,
      filename: undefined,
      image: undefined,
      usage: undefined,
      threads: undefined,
      forkParent: undefined,
    };
    assert.equal(
      lineOf(brief),
      `{"type":"exit",${AT_END},"pid":1234,"ppid":1200,"comm":"ls","exit_code":0,"duration_ns":3456789,"missing":[` +
        '"argv","cgroup","container_id","cpu","deleted","exe","filename","gid","id","lifetime_ns","loginuid","memfd",' +
        '"ns_pid","parent_id","session_id","threads","tty","uid","usage","user"]}\n',
    );
  });

  it("writes 64-bit integers to the last digit", () => {
    const startBootNs = 18_446_744_073_709_551_000n;
    const line = lineOf({ ...withProcess(exit, { startBootNs }), bootNs: 18_446_744_073_709_551_615n });
    assert.match(line, /"boot_time_ns":18446744073709551615,"id":"3f2a9c1e-1234-18446744073709551000"/);
    assert.match(line, /"lifetime_ns":615,/);
  });

  it("writes a line for losses before the next event, and tells them to the diagnostics at once", () => {
    const { output, text, diagnostics } = makeJson();
    output.event(exec);
    output.lost({ ...noLosses, exec: 1n });
    output.lost({ ...noLosses, exec: 2n });
    assert.equal(diagnostics.length, 2);
    output.event(exit);
    const written = text().split("\n").slice(0, -1);
    assert.deepEqual(
      written.map((line) => (JSON.parse(line) as { type: string }).type),
      ["exec", "lost", "exit"],
    );
    written.forEach(assertValid);
  });

  it("writes what was lost when it is flushed, if no event comes", async () => {
    const { output, flushed } = makeJson();
    output.lost({ ...noLosses, skippedRuns: 1n });
    await output.flush();
    assert.match(flushed(), /^\{"type":"lost".*"skipped_runs":1,.*"total":1\}\n$/);
  });

  it("takes no more memory for losses that are told again and again without a flush", () => {
    const { output, text } = makeJson();
    for (let count = 1n; count <= 1000n; count++) output.lost({ ...noLosses, exit: count });
    assert.equal(text(), "");
  });
});

describe("the schema", () => {
  it("holds for the examples of the documentation, which are one of each type", () => {
    const page = readFileSync(new URL("../../docs/output.md", import.meta.url), "utf8");
    const examples = page.split("\n").filter((line) => line.startsWith('{"type":'));
    examples.forEach(assertValid);
    const types = examples.map((line) => (JSON.parse(line) as { type: string }).type);
    assert.deepEqual(new Set(types), new Set(["fork", "exec", "exec_failed", "exit", "running", "lost"]));
  });

  it("has only fields that the documentation describes", () => {
    const page = readFileSync(new URL("../../docs/output.md", import.meta.url), "utf8");
    const { $defs } = schema as { $defs: { fields: { properties: Record<string, unknown> } } };
    const names = Object.keys($defs.fields.properties).filter((name) => !name.endsWith("_base64"));
    const unknown = names.filter((name) => !page.includes(`\`${name}\``));
    assert.deepEqual(unknown, []);
  });

  for (const [name, line] of [
    ["an unknown field", lineOf(exec).replace('"argc":3', '"argc":3,"other":1')],
    ["a field of another type", lineOf(exec).replace('"argc":3', '"argc":3,"exit_code":1')],
    ["a value that is neither there nor missing", lineOf(exec).replace('"argc":3,', "")],
    ["a value that is there and missing", lineOf(exec).replace(/}\n$/, ',"missing":["exe"]}')],
    ["an exit without a status", lineOf(exit).replace('"exit_code":0,', "")],
    [
      "an exit with two",
      lineOf(exit).replace('"exit_code":0,', '"exit_code":0,"signal":"SIGHUP","core_dumped":false,'),
    ],
    ["a twin without its text", lineOf(exec).replace('"argc":3', '"argc":3,"interpreter_base64":"/w=="')],
    ["a time in another zone", lineOf(exec).replace("000Z", "000+01:00")],
    ["an unknown type", lineOf(exec).replace('"exec"', '"exek"')],
    ["a program of a thread of the kernel", lineOf(exit).replace('"cpu":1', '"cpu":1,"kernel_thread":true')],
  ] as const) {
    it(`refuses ${name}`, () => {
      assert.equal(validate(JSON.parse(line)), false);
    });
  }
});

const text = fc.array(
  fc.oneof(
    fc.string({ unit: "binary", minLength: 1, maxLength: 3 }),
    fc.constantFrom('"', "\\", "\n", "\r", "\0", "\x1b[2J", "\u2028", "\u0085", "\ufeff", "/docker/", "=", "TOKEN="),
    fc.integer({ min: 0xdc80, max: 0xdcff }).map((unit) => String.fromCharCode(unit)),
  ),
  { maxLength: 6 },
);
const anyText = text.map((parts) => parts.join(""));
const optional = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: undefined });
const u32 = fc.integer({ min: 0, max: 0xffff_ffff });
const u64 = fc.bigInt({ min: 0n, max: (1n << 64n) - 1n });

const anyProcess: fc.Arbitrary<Process> = fc.record({
  startBootNs: fc.bigInt({ min: 0n, max: 1n << 62n }),
  parentStartBootNs: u64,
  uid: u32,
  gid: u32,
  loginUid: optional(u32),
  sessionId: optional(u32),
  loginKnown: fc.constant(true),
  tty: optional(anyText),
  cgroup: optional(anyText),
  namespacePid: optional(u32),
  cpu: u32,
  kernelThread: fc.constant(false),
});

const anyImage: fc.Arbitrary<Image> = fc.record({
  exe: optional(anyText),
  interpreter: optional(anyText),
  cwd: optional(anyText),
  argv: optional(fc.array(anyText)),
  argc: optional(u32),
  argvBytes: optional(u32),
  argvTruncated: fc.boolean(),
  env: optional(fc.array(anyText)),
  envTruncated: fc.boolean(),
  memfd: fc.boolean(),
  deleted: fc.boolean(),
  cwdDeleted: fc.boolean(),
});

const anyUsage: fc.Arbitrary<Usage> = fc.record({
  userNs: u64,
  systemNs: u64,
  maxRssBytes: u64,
  readBytes: optional(u64),
  writeBytes: optional(u64),
  voluntarySwitches: u64,
  involuntarySwitches: u64,
  minorFaults: u64,
  majorFaults: u64,
  partial: fc.boolean(),
});

const common = {
  bootNs: fc.bigInt({ min: 1n << 62n, max: 1n << 63n }),
  pid: u32,
  ppid: u32,
  comm: anyText,
  process: anyProcess,
};

const anyEvent: fc.Arbitrary<ProcessEvent> = fc.oneof(
  fc.record({ ...common, kind: fc.constant("fork" as const), maker: fc.constant({ pid: 10, startBootNs: 1n }) }),
  fc.record({
    ...common,
    kind: fc.constant("exec" as const),
    filename: anyText,
    filenameCut: fc.boolean(),
    image: anyImage,
    replaces: optional(fc.record({ filename: optional(anyText), durationNs: u64 })),
    oldTid: optional(u32),
    privileged: optional(fc.record({ euid: u32, egid: u32 })),
  }),
  fc.record({
    ...common,
    kind: fc.constant("exec_failed" as const),
    filename: anyText,
    filenameCut: fc.boolean(),
    cwd: optional(anyText),
    cwdDeleted: fc.boolean(),
    errno: fc.integer({ min: 1, max: 4095 }),
  }),
  fc.record({
    ...common,
    kind: fc.constant("exit" as const),
    status: fc.oneof(
      fc.record({ kind: fc.constant("exited" as const), code: fc.integer({ min: 0, max: 255 }) }),
      fc.record({
        kind: fc.constant("signaled" as const),
        signal: fc.integer({ min: 1, max: 127 }),
        coreDumped: fc.boolean(),
      }),
    ),
    durationNs: u64,
    durationExact: fc.boolean(),
    filename: optional(anyText),
    image: optional(anyImage),
    usage: optional(anyUsage),
    threads: optional(u32),
    forkParent: optional(fc.record({ pid: u32, startBootNs: u64 })),
  }),
  fc.record({
    ...common,
    kind: fc.constant("running" as const),
    hasExeced: fc.boolean(),
    filename: fc.constant(undefined),
    image: anyImage,
    threads: u32,
  }),
);

/** The bytes of a text as the kernel gave it. */
function kernelBytes(raw: string): Buffer {
  return Buffer.concat(
    Array.from(raw, (character) => {
      const code = character.codePointAt(0) ?? 0;
      return code >= 0xdc80 && code <= 0xdcff ? Buffer.from([code - 0xdc00]) : Buffer.from(character);
    }),
  );
}

function shownBytes(fields: Record<string, unknown>, name: string): Buffer | undefined {
  const [shown, twin] = [fields[name], fields[`${name}_base64`]];
  if (typeof twin === "string") return Buffer.from(twin, "base64");
  return typeof shown === "string" ? Buffer.from(shown) : undefined;
}

describe("jsonOutput, whatever the event", () => {
  it("writes one line of valid UTF-8 and valid JSON, by the schema", () => {
    fc.assert(
      fc.property(anyEvent, fc.constantFrom("off", "redacted", "raw"), (event, env) => {
        const line = lineOf(event, { env });
        assert.ok(Buffer.from(line).toString() === line, "valid UTF-8");
        assert.match(line, /^\{[^\p{Cc}\u2028\u2029]*\}\n$/u);
        assertValid(line);
      }),
      { numRuns: 3000, seed: 1 },
    );
  });

  it("gives every text back to the byte", () => {
    fc.assert(
      fc.property(anyEvent, (event) => {
        const fields = JSON.parse(lineOf(event, { env: "raw" })) as Record<string, unknown>;
        const { argv, env, exe, cwd } = ("image" in event ? event.image : undefined) ?? {};
        const texts = { comm: event.comm, cgroup: event.process?.cgroup, tty: event.process?.tty, exe };
        const own = event.kind === "exec" ? { cwd, filename: event.filename } : {};
        for (const [name, raw] of Object.entries({ ...texts, ...own })) {
          assert.deepEqual(shownBytes(fields, name), raw === undefined ? undefined : kernelBytes(raw), name);
        }
        for (const [name, raw] of Object.entries(event.kind === "exec" ? { argv, env } : { argv })) {
          const list = fields[name] as string[] | undefined;
          const twins = (fields[`${name}_base64`] ?? []) as (string | null)[];
          const shown = list?.map((shownText, index) => shownBytes({ x: shownText, x_base64: twins[index] }, "x"));
          assert.deepEqual(shown, raw?.map(kernelBytes), name);
        }
      }),
      { numRuns: 2000, seed: 1 },
    );
  });
});
