import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { inspect } from "node:util";
import { totalLosses, type Losses } from "../../src/event/losses.ts";
import { Decoder } from "../../src/probe/decode.ts";
import { readFeatures } from "../../src/probe/features.ts";
import { KernelProbe } from "../../src/probe/kernel-probe.ts";
import type { ProbeOptions } from "../../src/probe/probe-options.ts";
import { many, patience } from "./pace.ts";
import { fixture } from "./fixture.ts";
import { ifFailedExecsAreTold } from "./truth/failed-execs.ts";
import { storm, urgent, type Child } from "./workload.ts";

interface Seen {
  /** Events by `exec 123`, a kind and a PID: how often each was told. */
  readonly times: Map<string, number>;
  readonly losses: Losses;
  /** Runs that the kernel skipped, recovered or not, by program. */
  readonly misses: ReadonlyMap<string, bigint>;
}

/** Watches children that are made, with programs of a probe in this process: their counts can be asked here. */
async function watch(
  options: ProbeOptions,
  makeChildren: () => Promise<Child[]>,
): Promise<Seen & { children: Child[] }> {
  const probe = new KernelProbe({ ...options, ringSize: 64 * 1024 * 1024 });
  try {
    const times = new Map<string, number>();
    const decoder = new Decoder();
    const handle = (data: DataView, offset: number, length: number) => {
      const event = decoder.decode(data, offset, length);
      // Others on this machine may have used the same PIDs.
      if (typeof event === "string" || !["storm", "urgent", "tiny"].includes(event.comm)) return;
      const key = `${event.kind} ${event.pid}`;
      times.set(key, (times.get(key) ?? 0) + 1);
    };
    const made = makeChildren();
    const work = { isDone: false };
    void made.finally(() => (work.isDone = true)).catch(() => undefined);
    while (!work.isDone) {
      probe.drain(handle, Infinity);
      await sleep(10);
    }
    const children = await made;
    await sleep(100);
    const misses = new Map(probe.programs.map((program) => [program.name, program.info().recursionMisses]));
    probe.detach();
    probe.drain(handle, Infinity);
    return { times, losses: probe.losses(), misses, children };
  } finally {
    probe.close();
  }
}

/** Programs that are preempted all the time, by others that start and end programs. */
async function preempting(program = fixture("tiny")): Promise<Child[]> {
  const [ordinary, urgentOnes] = await Promise.all([
    storm(many(4000), 4, program),
    urgent(many(4000), 4, 100, program),
  ]);
  return [...ordinary, ...urgentOnes];
}

function assertAll(
  { times, losses, misses, children }: Awaited<ReturnType<typeof watch>>,
  kinds: string[],
  t: TestContext,
): void {
  const figures = `of ${children.length} processes; skipped: ${inspect(misses, { breakLength: Infinity })}, lost: ${inspect(losses, { breakLength: Infinity })}`;
  t.diagnostic(figures);
  const pids = new Set(children.map(({ pid }) => pid));
  assert.equal(pids.size, children.length, "no PID was used twice");
  let missed = 0;
  for (const kind of kinds) {
    for (const pid of pids) {
      const told = times.get(`${kind} ${pid}`) ?? 0;
      assert.ok(told <= 1, `the ${kind} of ${pid} was told ${told} times`);
      if (told === 0) missed++;
    }
  }
  assert.ok(missed <= Number(totalLosses(losses)), `${missed} missed ${figures}`);
  // Only what preempts a program that stands in for a preempted one finds both busy.
  assert.ok(missed <= children.length / 1000, `${missed} missed ${figures}`);
  if (readFeatures({}).preemptiblePrograms) {
    const skipped = ["handle_fork", "handle_exec", "handle_exit"].some((name) => (misses.get(name) ?? 0n) > 0n);
    assert.ok(skipped, `none was preempted ${figures}`);
  }
}

describe("programs that preempt each other", () => {
  it("are all told, none twice, in full", { timeout: patience(60_000) }, async (t) => {
    assertAll(await watch({ full: true }, () => preempting()), ["fork", "exec", "exit"], t);
  });

  it("are all told, none twice, in brief", { timeout: patience(60_000) }, async (t) => {
    assertAll(await watch({}, () => preempting()), ["exec", "exit"], t);
  });

  it("are all told where exec fails, too", { timeout: patience(60_000), ...ifFailedExecsAreTold }, async (t) => {
    const failing = () => preempting("/nonexistent/program");
    assertAll(await watch({ full: true, failedExecs: true }, failing), ["fork", "exec_failed", "exit"], t);
  });
});
