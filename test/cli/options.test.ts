import assert from "node:assert/strict";
import { describe, it, mock } from "node:test";
import { CommanderError } from "commander";
import { parseOptions } from "../../src/cli/options.ts";

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
  const defaults = { minDurationNs: 0n, ringSize: 4 * 1024 * 1024, verbose: false };
  for (const [argv, changes] of [
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
  ] as const) {
    it(`reads [${argv.join(" ")}]`, () => {
      assert.deepEqual(parseOptions(argv), { ...defaults, ...changes });
    });
  }

  const refused: readonly (readonly [argv: readonly string[], message: RegExp])[] = [
    [["-d", "abc"], /'-d, --duration <ms>' argument 'abc' is invalid\. It takes milliseconds/],
    [["-d", "-1"], /'-d, --duration <ms>' argument '-1' is invalid/],
    [["-d", "1e999"], /'-d, --duration <ms>' argument '1e999' is invalid/],
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
    [["--nonsense"], /unknown option '--nonsense'/],
    [["-x"], /unknown option '-x'/],
    [["--verbose=yes"], /'--verbose=yes'/],
    [["stray"], /unexpected argument '/],
    [["--", "-d"], /unexpected argument '/],
  ];
  for (const [argv, message] of refused) {
    it(`refuses [${argv.map((argument) => argument || "''").join(" ")}], and says where help is`, () => {
      const printed = refusalOf(argv);
      assert.match(printed, /^error: /);
      assert.match(printed, message);
      assert.match(printed, /\nTry `ebpf-bootstrap --help`\.\n$/);
    });
  }
});
