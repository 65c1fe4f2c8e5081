import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { fixture } from "../fixture.ts";
import { many, patience } from "../pace.ts";
import { sharedMonitor } from "./json-monitor.ts";
import { byPid, theOnly, type JsonUsage } from "./record.ts";
import { Scratch } from "./scratch.ts";
import { wait4, type Run, type Waited } from "./wait4.ts";

const monitor = sharedMonitor();

interface Pair {
  readonly waited: Waited;
  readonly usage: JsonUsage;
}

/** Runs test/fixtures/use.c, and pairs what wait4(2) says of each process with what its exit says. */
async function use(run: Run, ...args: string[]): Promise<Pair[]> {
  const { result, records } = await monitor().during(() => wait4(run, fixture("use"), ...args));
  const groups = byPid(records);
  return result.map((waited) => {
    assert.equal(waited.status, 0, "the workload itself");
    const { usage } = theOnly(groups.get(waited.pid) ?? [], "exit");
    assert.ok(usage);
    assert.equal(usage.partial, undefined);
    return { waited, usage };
  });
}

/**
 * What may be added after an exit record was made, which is early on the way out: giving back memory takes time, 0.07
 * ms/MiB where this was measured. In a virtual machine, the record may count as run what the hypervisor took since the
 * last tick of the timer, 10 ms at most.
 */
const LATER = {
  tickNs: patience(10e6),
  shareOfCpu: 0.02,
  nsPerMiB: 0.3e6,
  switches: 8,
  shareOfSwitches: 0.25,
  minorFaults: 2,
} as const;

/** A machine may stand still for a moment, and then count it: one of this many processes may lack more than that. */
const ONE_OF = 20;

function assertAgree(pairs: readonly Pair[], keptMiB = 0): void {
  for (const pair of pairs) assertCountsAgree(pair);
  const lacking = pairs.map(({ waited: { userNs, systemNs }, usage: { user_ns, system_ns } }) => {
    const cpuNs = userNs + systemNs;
    return { ns: cpuNs - user_ns - system_ns, later: LATER.shareOfCpu * cpuNs };
  });
  const most = LATER.tickNs + patience(LATER.nsPerMiB * keptMiB);
  const tooFar = lacking.filter(({ ns, later }) => ns > most + later || ns < -LATER.tickNs).map(({ ns }) => ns);
  assert.ok(tooFar.length <= Math.ceil(pairs.length / ONE_OF), `${tooFar.join(", ")} ns are lacking, not ${most}`);
}

/** Of many programs together, this share of the CPU time may lack, or be too much. */
const SHARE_OF_SHORT = 0.35;

/** Nearly all that a short program uses has not been counted by the kernel when it ends: it must be told all the same. */
function assertSumsAgree(pairs: readonly Pair[]): void {
  const waited = pairs.reduce((sum, { waited: { userNs, systemNs } }) => sum + userNs + systemNs, 0);
  const told = pairs.reduce((sum, { usage: { user_ns, system_ns } }) => sum + user_ns + system_ns, 0);
  const share = told / waited;
  assert.ok(Math.abs(share - 1) <= SHARE_OF_SHORT, `${told} of ${waited} ns`);
}

function assertCountsAgree({ waited, usage }: Pair): void {
  const text = JSON.stringify({ waited, usage });
  assert.equal(usage.max_rss_bytes, waited.maxRssBytes, text);
  assert.equal(usage.major_faults, waited.majorFaults, text);
  assert.equal(usage.read_bytes, waited.readBytes, text);
  assert.equal(usage.write_bytes, waited.writtenBytes, text);
  assertAtMost(usage.minor_faults, waited.minorFaults, LATER.minorFaults, text);
  assertAtMost(usage.voluntary_switches, waited.voluntarySwitches, LATER.switches, text);
  // On a busy machine others come between while it gives back its memory.
  const interruptions = LATER.switches + LATER.shareOfSwitches * waited.involuntarySwitches;
  assertAtMost(usage.involuntary_switches, waited.involuntarySwitches, interruptions, text);
}

/** The record may lack what came after it, and cannot have what has not been. */
function assertAtMost(told: number, witness: number, lacking: number, text: string): void {
  assert.ok(
    told <= witness && told >= witness - lacking,
    `${told} is not in ${witness} - ${lacking} … ${witness}: ${text}`,
  );
}

/** Both shares of the CPU time are divided by the same samples, of which another may come at the very end. */
function assertNear(told: number, witness: number, where: string): void {
  const most = LATER.tickNs + LATER.shareOfCpu * witness;
  assert.ok(Math.abs(told - witness) <= most, `${told} ns ${where}, not ${witness}`);
}

describe("what a process used is what its parent's wait4(2) was told", () => {
  it("for 2,000 short programs that wait", async () => {
    const pairs = await use({ count: many(2000), workers: 2 }, "switches", "3");
    assertAgree(pairs);
    assertSumsAgree(pairs);
    // A wait that is over before it begins does not count.
    const waits = pairs.reduce((sum, { usage }) => sum + usage.voluntary_switches + usage.involuntary_switches, 0);
    assert.ok(waits >= 2 * pairs.length, `${waits} waits of ${pairs.length} programs`);
  });

  it("for 300 programs that run for less than a tick of the timer", async () => {
    const pairs = await use({ count: 300, workers: 2 }, "spin", "2");
    assertAgree(pairs);
    assertSumsAgree(pairs);
  });

  it("for programs that burn CPU in user space", async () => {
    const pairs = await use({ count: 6, workers: 2 }, "user", "200");
    assertAgree(pairs);
    for (const { usage, waited } of pairs) {
      assertNear(usage.user_ns, waited.userNs, "in user space");
      assertNear(usage.system_ns, waited.systemNs, "in the kernel");
    }
  });

  it("for programs that burn CPU in the kernel", async () => {
    const pairs = await use({ count: 6, workers: 2 }, "system", "200");
    assertAgree(pairs);
    for (const { usage } of pairs) assert.ok(usage.system_ns >= 150e6, `${usage.system_ns} ns in the kernel`);
  });

  it("for programs of many threads, of which half live on to the end", async () => {
    const pairs = await use({ count: 6, workers: 2 }, "threads", "12", "25");
    assertAgree(pairs);
    for (const { usage } of pairs) assert.ok(usage.user_ns + usage.system_ns >= 12 * 24e6);
  });

  it("for programs of 301 threads", async () => {
    const { result, records } = await monitor().during(() =>
      wait4({ count: 4, workers: 2 }, fixture("use"), "threads", "300", "1"),
    );
    const groups = byPid(records);
    const pairs = result.map((waited) => {
      const { usage, threads } = theOnly(groups.get(waited.pid) ?? [], "exit");
      assert.ok(usage);
      assert.equal(threads, 301);
      return { waited, usage };
    });
    // So many ends at once that most of them go on after the record.
    for (const { waited, usage } of pairs) {
      assert.equal(usage.max_rss_bytes, waited.maxRssBytes);
      const cpu = waited.userNs + waited.systemNs;
      const told = usage.user_ns + usage.system_ns;
      assert.ok(told <= cpu * 1.2 && (usage.partial === true || told >= cpu * 0.8), `${told} of ${cpu} ns`);
    }
  });

  it("for programs that touch memory, and give it back or keep it to the end", async () => {
    for (const what of ["memory", "keep"]) {
      const pairs = await use({ count: 4, workers: 2 }, what, "200");
      assertAgree(pairs, 200);
      for (const { usage } of pairs) {
        assert.ok(usage.max_rss_bytes >= 200 * 1024 * 1024 && usage.max_rss_bytes < 220 * 1024 * 1024);
        assert.ok(usage.minor_faults >= 100);
      }
    }
  });

  it("for programs that wait 1,000 times", async () => {
    const pairs = await use({ count: 4, workers: 2 }, "switches", "1000");
    assertAgree(pairs);
    // A wait may end before it begins, and one that was interrupted counts as that.
    for (const { usage } of pairs) assert.ok(usage.voluntary_switches + usage.involuntary_switches >= 900);
  });

  it("for programs that write to disk and read from it, by read(2) and through a mapping", async (t) => {
    using scratch = new Scratch();
    const file = scratch.file("data");
    const run = { count: 1, workers: 1 };
    const size = 16 * 1024 * 1024;
    // What the file system notes of the file itself counts too.
    const assertSize = (bytes = 0) => {
      assert.ok(bytes >= size && bytes <= size + 1024 * 1024, `${bytes} bytes`);
    };
    const written = await use(run, "write", file, "16");
    assertAgree(written);
    if (written[0]?.waited.writtenBytes === 0) {
      t.diagnostic(`${scratch.path} is not on a disk: the kernel counts nothing, and nothing was told`);
      return;
    }
    assertSize(written[0]?.usage.write_bytes);
    const read = await use(run, "read", file);
    assertAgree(read);
    assertSize(read[0]?.usage.read_bytes);
    const mapped = await use(run, "map", file);
    assertAgree(mapped);
    assertSize(mapped[0]?.usage.read_bytes);
    assert.ok((mapped[0]?.usage.major_faults ?? 0) >= size / 65536);
  });

  it("from the start of the process on, though it calls exec between", async () => {
    const script = `i=0; while [ $i -lt 200000 ]; do i=$((i + 1)); done; exec '${fixture("tiny")}'`;
    const { result, records } = await monitor().during(() => wait4({ count: 1, workers: 1 }, "/bin/sh", "-c", script));
    const [waited] = result;
    assert.ok(waited);
    const exit = theOnly(
      records.filter(({ pid }) => pid === waited.pid),
      "exit",
    );
    assert.ok(exit.usage);
    assertAgree([{ waited, usage: exit.usage }]);
    assert.ok(exit.usage.user_ns > 5 * (exit.duration_ns ?? Infinity), "the last image alone took far less");
  });

  it("without that of its children, which wait4(2) adds", async () => {
    const script = `'${fixture("use")}' user 200; :`;
    const { result, records } = await monitor().during(() => wait4({ count: 1, workers: 1 }, "/bin/sh", "-c", script));
    const [waited] = result;
    assert.ok(waited && waited.userNs + waited.systemNs >= 180e6, "the workload itself");
    const { usage } = theOnly(
      records.filter(({ pid }) => pid === waited.pid),
      "exit",
    );
    assert.ok(usage && usage.user_ns + usage.system_ns < 50e6, `${usage?.user_ns} + ${usage?.system_ns} ns`);
  });
});
