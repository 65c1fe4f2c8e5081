import assert from "node:assert/strict";
import { describe, it, mock } from "node:test";
import { CommanderError } from "commander";
import { parseOptions, type CliOptions } from "../../src/cli/options.ts";
import { classicColumns } from "../../src/output/columns.ts";

/** What the program prints when it refuses these arguments. */
function refusalOf(argv: readonly string[]): string {
  let printed = "";
  const write = mock.method(process.stderr, "write", (text: string) => {
    printed += text;
    return true;
  });
  try {
    assert.throws(
      () => parseOptions(argv),
      (error) => error instanceof CommanderError && error.exitCode !== 0,
    );
  } finally {
    write.mock.restore();
  }
  return printed;
}

describe("parseOptions", () => {
  const defaults: CliOptions = {
    minDurationNs: 0n,
    output: "table",
    events: undefined,
    columns: undefined,
    wide: false,
    maxArgsBytes: 128 * 1024,
    environment: "off",
    ringSize: 4 * 1024 * 1024,
    btfPath: undefined,
    runAs: undefined,
    keepPrivileges: false,
    verbose: false,
  };
  const read: readonly (readonly [argv: readonly string[], changes: Partial<CliOptions>])[] = [
    [[], {}],
    [["-d", "100"], { minDurationNs: 100_000_000n }],
    [["-d100"], { minDurationNs: 100_000_000n }],
    [["-d", "0.5"], { minDurationNs: 500_000n }],
    [["-d", "0"], {}],
    [["--duration", "1000"], { minDurationNs: 1_000_000_000n }],
    [["--duration=1000"], { minDurationNs: 1_000_000_000n }],
    [["-d", "1", "-d", "2"], { minDurationNs: 2_000_000n }],
    [["--ring-size", "256KiB"], { ringSize: 262_144 }],
    [["--ring-size=4096"], { ringSize: 4096 }],
    [["-v"], { verbose: true }],
    [["--verbose"], { verbose: true }],
    [["-vd5"], { verbose: true, minDurationNs: 5_000_000n }],
    [["--ring-size", "1MiB", "-v", "-d", "7"], { ringSize: 1_048_576, verbose: true, minDurationNs: 7_000_000n }],
    [["-o", "json"], { output: "json" }],
    [["--events", "exec,exec_failed"], { events: ["exec", "exec_failed"] }],
    [["--events=all"], { events: ["running", "fork", "exec", "exec_failed", "exit"] }],
    [["--events", "exit", "-d", "5"], { events: ["exit"], minDurationNs: 5_000_000n }],
    [["-w"], { wide: true }],
    [["--columns", "time,event"], { columns: classicColumns.slice(0, 2) }],
    [["--max-args-bytes", "4KiB"], { maxArgsBytes: 4096 }],
    [["--max-args-bytes", "2MiB"], { maxArgsBytes: 2 * 1024 * 1024 }],
    [["-o", "json", "--env"], { output: "json", environment: "redacted" }],
    [["-o", "json", "--env=raw"], { output: "json", environment: "raw" }],
    [["-o", "json", "--env", "raw"], { output: "json", environment: "raw" }],
    [["--env", "raw", "-o", "json"], { output: "json", environment: "raw" }],
    [["--env", "-o", "json"], { output: "json", environment: "redacted" }],
    [["--run-as", "nobody"], { runAs: "nobody" }],
    [["--keep-privileges"], { keepPrivileges: true }],
  ];
  for (const [argv, changes] of read) {
    it(`reads [${argv.join(" ")}]`, () => {
      assert.deepEqual(parseOptions(argv), { ...defaults, ...changes });
    });
  }

  const refused: readonly (readonly [argv: readonly string[], message: RegExp])[] = [
    [["-d", "abc"], /'-d, --duration <ms>' argument 'abc' is invalid\. It takes milliseconds/],
    [["-d", "-1"], /'-d, --duration <ms>' argument '-1' is invalid/],
    [["-d", "1e999"], /'-d, --duration <ms>' argument '1e999' is invalid/],
    [["-d", "99999999999999"], /'99999999999999' is invalid\. It is too large: 9223372036854 at most/],
    [["-d", ""], /'-d, --duration <ms>' argument '' is invalid/],
    [["--duration="], /'-d, --duration <ms>' argument '' is invalid/],
    [["-d", "1", "-d", "x"], /'-d, --duration <ms>' argument 'x' is invalid/],
    [["-d"], /'-d, --duration <ms>' argument missing/],
    [["--ring-size", "3MiB"], /'--ring-size <size>' argument '3MiB' is invalid\. .*power of two/],
    [["--ring-size", "0"], /'--ring-size <size>' argument '0' is invalid\. .*power of two/],
    [["--ring-size", "-1"], /'--ring-size <size>' argument '-1' is invalid\. It takes a number of bytes/],
    [["--ring-size", ""], /'--ring-size <size>' argument '' is invalid/],
    [["--ring-size", "2GiB"], /'--ring-size <size>' argument '2GiB' is invalid\. .*1GiB at most/],
    [["--ring-size"], /'--ring-size <size>' argument missing/],
    [["-o", "xml"], /'-o, --output <format>' argument 'xml' is invalid/],
    [["--events", "exec,birth"], /'--events <list>' argument 'exec,birth' is invalid\. There is no event 'birth'/],
    [["--events", ""], /There is no event ''/],
    [["--events", "exec,exit", "-d", "5.5"], /'--duration 5\.5' and '--events exec,exit': .*; leave out --events, or /],
    [["--columns", "time,colour"], /'--columns <list>' argument 'time,colour' is invalid\. .*'colour'/],
    [["--columns", "time", "-w"], /'--wide' and '--columns time': .*; leave out one$/m],
    [["-o", "json", "-w"], /'--output json' and '--wide': .*; leave out one$/m],
    [["-o", "json", "--columns", "time,pid"], /'--output json' and '--columns time,pid': .*; leave out one$/m],
    [["--env"], /'--env': environments are shown only in JSON; add --output json, or leave it out$/m],
    [["--env=raw"], /'--env=raw': environments are shown only in JSON/],
    [["-o", "json", "--env=all"], /'--env \[raw\]' argument 'all' is invalid\. It takes nothing, or raw/],
    [["-o", "json", "--env", "all"], /'--env \[raw\]' argument 'all' is invalid\. It takes nothing, or raw/],
    [["--max-args-bytes", "3MiB"], /'--max-args-bytes <size>' argument '3MiB' is invalid\. It can be 2MiB at most/],
    [
      ["--max-args-bytes", "2MiB", "--ring-size", "1MiB"],
      /'--max-args-bytes 2097152' and '--ring-size 1048576': .*--ring-size 4194304, or /,
    ],
    [["--run-as", "nobody", "--keep-privileges"], /'--run-as nobody' and '--keep-privileges': .*; leave out one$/m],
    [["--nonsense"], /unknown option '--nonsense'/],
    [["-x"], /unknown option '-x'/],
    [["--verbose=yes"], /'--verbose=yes'/],
    [["stray"], /unexpected argument '/],
    [["--", "-d"], /unexpected argument '/],
  ];
  for (const [argv, doctor] of [
    [["doctor"], []],
    [
      ["doctor", "-v", "--nonsense"],
      ["-v", "--nonsense"],
    ],
    [
      ["-v", "doctor", "--json"],
      ["-v", "--json"],
    ],
    [
      ["--btf", "doctor", "doctor"],
      ["--btf", "doctor"],
    ],
  ] as const) {
    it(`leaves to the doctor [${doctor.join(" ")}] of [${argv.join(" ")}]`, () => {
      assert.deepEqual(parseOptions(argv), { doctor });
    });
  }

  for (const [argv, message] of refused) {
    it(`refuses [${argv.map((argument) => argument || "''").join(" ")}], and says where help is`, () => {
      const printed = refusalOf(argv);
      assert.match(printed, /^ebpf-bootstrap: /);
      assert.match(printed, message);
      assert.match(printed, /\nTry `ebpf-bootstrap --help`\.\n$/);
    });
  }
});
