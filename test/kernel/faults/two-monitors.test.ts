import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { describe, it } from "node:test";
import { ContainedMonitor } from "../contained-monitor.ts";
import { fixture } from "../fixture.ts";
import { patience } from "../pace.ts";
import type { JsonRecord } from "../truth/record.ts";
import { storm } from "../workload.ts";

/** What each monitor finds out for itself, at a time that is a little another. */
const own = ["time", "boot_time_ns", "duration_ns", "lifetime_ns", "usage", "replaces"] as const;

/** A record without that, and what of it is the same for both. */
function common(record: JsonRecord): object {
  const rest = Object.fromEntries(
    Object.entries(record).filter(([name]) => !(own as readonly string[]).includes(name)),
  );
  const { usage, replaces } = record;
  return {
    ...rest,
    used: usage && [usage.max_rss_bytes, usage.minor_faults, usage.major_faults, usage.voluntary_switches],
    replaced: replaces?.filename,
  };
}

/** The records of what these processes and their descendants did, process by process. */
function familyIn(records: readonly JsonRecord[], ancestor: number, ids: ReadonlySet<string>): object[] {
  const pids = new Set([ancestor]);
  const family = records.filter(({ type, pid, ppid, id }) => {
    if (type === "running" || !ids.has(id) || !(pids.has(pid) || pids.has(ppid))) return false;
    pids.add(pid);
    return true;
  });
  return family.sort((left, right) => left.pid - right.pid).map(common);
}

describe("two monitors at once", () => {
  it("both show everything, with the same values", { timeout: patience(60_000) }, async () => {
    await using first = await ContainedMonitor.start([]);
    await using second = await ContainedMonitor.start([]);
    const children = await storm(300, 2, fixture("tiny"), "3");
    spawnSync("/bin/sh", [
      "-c",
      `/nonexistent/program; '${fixture("exec-from-thread")}' '${fixture("tiny")}' 4; kill -9 $$`,
    ]);
    spawnSync(fixture("nine-threads"), ["9"]);
    const { pid: last } = spawnSync(fixture("tiny"), ["last"]);
    for (const monitor of [first, second]) {
      const isLast = ({ type, pid }: JsonRecord) => type === "exit" && pid === last;
      await monitor.until(() => monitor.records.some(isLast), "see the last program end");
    }
    await first.end();
    await second.end();
    const ids = new Set(second.records.filter(({ type }) => type === "fork").map(({ id }) => id));
    const [seen, same] = [first, second].map(({ records }) => familyIn(records, process.pid, ids));
    assert.ok((seen?.length ?? 0) > 3 * children.length, "the workload itself");
    assert.deepEqual(same, seen);
  });
});
