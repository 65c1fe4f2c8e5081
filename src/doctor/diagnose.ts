import { fileURLToPath } from "node:url";
import { EbpfError, type Finding } from "../errors.ts";
import { checkNames, judge } from "../machine/checks.ts";
import { inspectMachine, type Machine } from "../machine/machine.ts";
import { whyUnreadable } from "../machine/read.ts";
import type { MonitorOptions } from "../monitor/open-monitor.ts";
import { showsTypes } from "../machine/kernel-types.ts";
import { untyped, wire } from "../probe/wire.ts";
import type { LiveTest } from "./live-test.ts";
import { findDeath } from "./try-bpf.ts";

/** What the doctor says of a machine. */
export interface Diagnosis {
  /** Whether the monitor works here: the live test has shown it. */
  readonly ok: boolean;
  /** One for each thing that was looked at; the last is of the live test. */
  readonly findings: readonly Finding[];
  /** Undefined if it failed. */
  readonly test: LiveTest | undefined;
}

/** What to try it with. */
export interface DiagnoseOptions extends Pick<MonitorOptions, "btfPath" | "onMessage"> {
  /**
   * Gives up rights as the program does that the monitor is part of, for good; an `EbpfError` that it throws is a reason
   * why the monitor does not work. Called once, at the end of a live test that has seen its program. Default: nothing.
   */
  readonly giveUpRights?: () => void | Promise<void>;
}

/**
 * Finds out whether the monitor works on this machine, by having it work, and looks at all that it needs. It takes some
 * tenths of a second. Works also where libbpf, the CPU's native module or the operating system is missing.
 */
export async function diagnose(options: DiagnoseOptions = {}): Promise<Diagnosis> {
  const machine = inspectMachine(options.btfPath);
  // Looked at while the rights are there.
  const object = findObject(options);
  const outcome = await attempt(options, machine);
  const test = outcome instanceof EbpfError ? undefined : outcome;
  const cause = outcome instanceof EbpfError ? outcome.finding : undefined;
  const findings = [
    ok("cpu", `koffi has a binary for ${machine.cpu}`),
    await findLibbpf(),
    object,
    ...checkNames.map((name) => judge(name, machine)),
    describeGaps(test),
    describeTest(outcome),
  ].map((finding) => (finding.check === cause?.check ? cause : finding));
  return { ok: test !== undefined, findings, test };
}

async function attempt(options: DiagnoseOptions, machine: Machine): Promise<LiveTest | EbpfError> {
  if (machine.platform !== "linux") return new EbpfError("NOT_LINUX", `this is ${machine.platform}`);
  const death = machine.seccompFiltered === false ? undefined : await findDeath();
  if (death !== undefined) return deadly(judge("seccomp", machine, true), death);
  try {
    // Loaded late: it needs native libraries, whose absence is one of the findings.
    const { testLive } = await import("./live-test.ts");
    const test = await testLive(options);
    await options.giveUpRights?.();
    return test;
  } catch (error) {
    if (error instanceof EbpfError) return error;
    throw error;
  }
}

function deadly(finding: Finding, death: string): EbpfError {
  const text = `a seccomp filter is on this process, and kills who calls bpf(2): a child that called it ${death}`;
  return new EbpfError("BPF_BLOCKED", "call bpf(2)", { finding: { ...finding, text } });
}

function describeGaps(test: LiveTest | undefined): Finding {
  const about = { check: "programs", fixes: [] };
  if (test === undefined) return { ...about, status: "unknown", text: "not known before they can be loaded" };
  if (test.gaps.length === 0)
    return { ...about, status: "ok", text: "this kernel takes them all, and has what they tell" };
  return { ...about, status: "note", text: `missing: ${test.gaps.join("; ")}` };
}

function describeTest(outcome: LiveTest | EbpfError): Finding {
  if (outcome instanceof EbpfError) {
    const where = outcome.finding === undefined ? "" : `; see ${outcome.finding.check}`;
    const fixes = outcome.finding === undefined && outcome.hint !== undefined ? [outcome.hint] : [];
    return { check: "test", status: "missing", text: `${outcome.failure}: failed${where}`, fixes };
  }
  const { attachMs, eventMs, detachMs } = outcome;
  const ms = (duration: number) => `${duration.toFixed(0)} ms`;
  return ok(
    "test",
    `loaded and attached in ${ms(attachMs)}, saw a program start after ${ms(eventMs)}, detached in ${ms(detachMs)}`,
  );
}

async function findLibbpf(): Promise<Finding> {
  try {
    const { libbpfVersion } = await import("../libbpf/object.ts");
    return ok("libbpf", libbpfVersion());
  } catch (error) {
    if (error instanceof EbpfError && error.finding?.check === "libbpf") return error.finding;
    return { check: "libbpf", status: "unknown", text: "it cannot be called without koffi", fixes: [] };
  }
}

function findObject(options: DiagnoseOptions): Finding {
  const path = fileURLToPath((showsTypes(options) ? wire : untyped).objectUrl);
  const reason = whyUnreadable(path);
  if (reason === undefined) return ok("object", path);
  return { check: "object", status: "missing", text: `${path}: ${reason}`, fixes: [] };
}

function ok(check: string, text: string): Finding {
  return { check, status: "ok", text, fixes: [] };
}
