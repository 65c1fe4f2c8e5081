// Tests the monitor on other kernels: boots each in an emulated machine, and has it run the kernel tests.
// Usage: make test-kernels ARGS="--help"
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { CommanderError } from "commander";
import { boot, isEnded } from "./boot.ts";
import { writeDisk } from "./disk.ts";
import { supportDocument } from "./document.ts";
import { Emulator } from "./emulator.ts";
import { fetchKernel } from "./kernel.ts";
import { guests, type Guest } from "./matrix.ts";
import { parseOptions, type Options } from "./options.ts";
import { parseOutput, type Outcome } from "./outcome.ts";
import { Unavailable } from "./packages.ts";
import { assembleProject, compileTests } from "./project.ts";
import type { Result } from "./report.ts";
import { fetchRoot } from "./root.ts";
import { loadSettings, modes } from "./settings.ts";
import { suiteCommand } from "./suite.ts";

const results = fileURLToPath(new URL("../../build/vm/results/", import.meta.url));
const FREE_BYTES = 512 * 1024 * 1024;
const ATTEMPTS = 2;
/** Of a guest that is not slower than this machine. The longest test takes 7 s then. */
const SILENCE_MS = 30_000;

/** What is asked for, and when the time is over: by `performance.now()`. */
interface Asked extends Options {
  readonly deadline: number;
}

/** What came of a guest, all of it or until the time was over. */
interface Run {
  readonly outcome: Outcome;
  readonly isWhole: boolean;
}

/** @throws {Unavailable} if something that it takes cannot be had */
async function run(emulator: Emulator, guest: Guest, directory: string, options: Asked): Promise<Run | undefined> {
  const { architecture } = guest;
  const { isShort, isDocumented, deadline } = options;
  const kernel = fetchKernel(guest);
  const root = fetchRoot(guest.rootSuite, architecture.name);
  const project = join(directory, "project");
  assembleProject(project, architecture, root);
  writeFileSync(join(project, "command"), suiteCommand(guest, { isShort, isSurveyed: isDocumented || !isShort }));
  mkdirSync(join(project, "settings"));
  for (const [index, mode] of modes.entries()) {
    writeFileSync(join(project, "settings", String(index)), loadSettings(architecture, mode));
  }
  const disks = { root: join(directory, "root.img"), project: join(directory, "project.img") };
  writeDisk(disks.root, root, FREE_BYTES);
  writeDisk(disks.project, project, FREE_BYTES);
  console.error(`==> ${guest.name}: Linux ${kernel.release}`);
  const silenceMs = SILENCE_MS * architecture.slowness;
  const machine = { architecture, kernel, busybox: join(root, "bin/busybox"), disks, silenceMs, deadline };
  // Now and then a guest crashes, or hangs, for no other reason than the emulation.
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const booted = await boot(emulator, machine);
    const { output, errors } = booted;
    if (errors !== "") console.error(errors.trimEnd());
    if (isEnded(booted)) return { outcome: parseOutput(kernel.release, architecture, booted), isWhole: true };
    if (booted.isLate) {
      const told = { output: output.slice(0, output.lastIndexOf("\n") + 1), status: 0 };
      return { outcome: parseOutput(kernel.release, architecture, told), isWhole: false };
    }
    console.error(`It crashed, or said nothing for ${silenceMs / 60_000} minutes. Its console:\n${booted.console}`);
    console.error(`What the tests had said:\n${output}`);
  }
  return undefined;
}

/** Says what came of a guest; returns whether all went well. */
function tell(guest: Guest, { outcome, isWhole }: Run, ms: number): boolean {
  const of = (wanted: string) => outcome.tests.filter((test) => test.outcome === wanted);
  const failed = of("failed");
  const told = ({ path, reason }: Result) => `${path.slice(path.length > 1 ? 1 : 0).join(": ")}: ${reason ?? ""}`;
  for (const test of of("skipped")) console.error(`skipped: ${told(test)}`);
  for (const test of failed) console.error(`FAILED: ${told(test)}`);
  const counts = `${of("passed").length} tests passed, ${of("skipped").length} skipped, ${failed.length} failed`;
  const rest = isWhole ? "" : "; the time was over, and the others did not run";
  console.error(`==> ${guest.name}: ${counts}, in ${Math.round(ms / 1000)} s${rest}`);
  return failed.length === 0 && (!isWhole || (outcome.tests.length > 0 && Object.keys(outcome.verified).length > 0));
}

/** Returns whether all went well. */
async function main(options: Asked): Promise<boolean> {
  let ok = true;
  const emulator = new Emulator();
  compileTests();
  mkdirSync(results, { recursive: true });
  for (const guest of options.chosen) {
    if (performance.now() >= options.deadline) {
      console.error(`==> ${guest.name}: skipped: the time was over`);
      continue;
    }
    const directory = mkdtempSync(join(tmpdir(), "ebpf-bootstrap-kernels-"));
    const start = performance.now();
    try {
      const came = await run(emulator, guest, directory, options);
      if (came?.isWhole) writeFileSync(join(results, `${guest.name}.json`), JSON.stringify(came.outcome, null, 2));
      ok = came !== undefined && tell(guest, came, performance.now() - start) && ok;
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      console.error(`==> ${guest.name}: skipped: ${error.message}`);
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  }
  return ok;
}

function writeDocument(): void {
  const files = guests
    .map(({ name }) => [name, join(results, `${name}.json`)] as const)
    .filter(([, file]) => existsSync(file));
  const outcomes = files.map(([name, file]) => [name, JSON.parse(readFileSync(file, "utf8")) as Outcome] as const);
  writeFileSync(new URL("../../docs/kernel-support.md", import.meta.url), supportDocument(new Map(outcomes)));
}

try {
  const options = parseOptions(process.argv.slice(2));
  const deadline = performance.now() + (options.minutes ?? Infinity) * 60_000;
  process.exitCode = (await main({ ...options, deadline })) ? 0 : 1;
  if (options.isDocumented) writeDocument();
} catch (error) {
  if (error instanceof CommanderError) {
    if (error.exitCode !== 0) {
      const what = error.message.replace(/^error: /, "").replaceAll("\n", " ");
      console.error(`test-kernels: ${what} (Usage: make test-kernels ARGS=--help)`);
      process.exitCode = 2;
    }
  } else if (error instanceof Unavailable) {
    console.error(`==> The kernels were not tested: ${error.message}`);
  } else {
    throw error;
  }
}
