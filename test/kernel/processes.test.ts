import assert from "node:assert/strict";
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { fixture } from "./fixture.ts";
import { MonitorProcess } from "./monitor-process.ts";
import { durationMs, rowsByPid, type Row } from "./row.ts";
import { storm } from "./workload.ts";

/** Runs a workload under a monitor with these options, and returns the rows seen once the monitor has ended. */
async function watch<T>(
  args: readonly string[],
  work: () => Promise<T> | T,
): Promise<{ rows: Row[]; result: T; stderr: string }> {
  await using monitor = await MonitorProcess.start(args);
  const result = await work();
  assert.equal(await monitor.end(), 0, monitor.stderr);
  return { rows: monitor.rows(), result, stderr: monitor.stderr };
}

/** Runs a program to its end; its PID, and the rows about that PID. */
async function watchOne(program: string, ...args: string[]): Promise<{ pid: number; rows: Row[]; elapsedMs: number }> {
  const startedAt = performance.now();
  const { rows, result } = await watch([], async () => {
    const child = spawn(program, args, { stdio: "ignore" });
    await once(child, "exit");
    return child.pid ?? 0;
  });
  return { pid: result, rows: rows.filter(({ pid }) => pid === result), elapsedMs: performance.now() - startedAt };
}

describe("a known workload", () => {
  it("appears exactly: N programs, N EXEC and N EXIT, each with its own fields", async () => {
    const tiny = fixture("tiny");
    const { rows, result: children } = await watch([], () => storm(500, 2, tiny, "3"));
    assert.equal(children.length, 500);
    const byPid = rowsByPid(rows);
    for (const child of children) {
      const ofChild = byPid.get(child.pid) ?? [];
      assert.deepEqual(
        ofChild.map(({ event, comm, ppid }) => ({ event, comm, ppid })),
        [
          { event: "EXEC", comm: "tiny", ppid: child.ppid },
          { event: "EXIT", comm: "tiny", ppid: child.ppid },
        ],
      );
      assert.equal(ofChild[0]?.last, tiny);
      assert.match(ofChild[1]?.last ?? "", /^\[3\] \(\d+ms\)$/);
    }
  });

  it("shows processes that only fork, with their exit codes and no EXEC", async () => {
    const { rows, result: children } = await watch([], () => storm(300, 2, "-"));
    for (const child of children) {
      const ofChild = rows.filter(({ pid }) => pid === child.pid);
      assert.deepEqual(
        ofChild.map(({ event, comm, ppid }) => ({ event, comm, ppid })),
        [{ event: "EXIT", comm: "storm", ppid: child.ppid }],
      );
      assert.match(ofChild[0]?.last ?? "", new RegExp(`^\\[${child.status >> 8}\\] \\(\\d+ms\\)$`));
    }
  });

  it("shows a shell pipeline: every part once", async () => {
    const { rows, result: shell } = await watch([], () => {
      const { pid } = spawnSync("/bin/sh", ["-c", "/bin/echo a b | /usr/bin/tr a-z A-Z | /usr/bin/wc -c; exit 5"]);
      return pid;
    });
    const parts = rows.filter(({ pid, ppid }) => pid === shell || ppid === shell);
    assert.deepEqual(
      parts
        .filter(({ event }) => event === "EXEC")
        .map(({ last }) => last)
        .sort(),
      ["/bin/echo", "/bin/sh", "/usr/bin/tr", "/usr/bin/wc"],
    );
    assert.equal(parts.filter(({ event }) => event === "EXIT").length, 4);
    assert.match(parts.find(({ event, pid }) => event === "EXIT" && pid === shell)?.last ?? "", /^\[5\] /);
  });

  it("measures the time from exec to exit", async () => {
    const { rows, elapsedMs } = await watchOne(fixture("sleep-ms"), "120");
    const [, exit] = rows;
    assert.ok(exit);
    assert.ok(durationMs(exit) >= 120 && durationMs(exit) <= elapsedMs, exit.last);
  });

  it("measures from the last exec when a process calls it twice", async () => {
    const { rows } = await watchOne(fixture("sleep-ms"), "400", fixture("sleep-ms"), "50");
    assert.deepEqual(
      rows.map(({ event }) => event),
      ["EXEC", "EXEC", "EXIT"],
    );
    const exit = rows[2];
    assert.ok(exit && durationMs(exit) >= 50 && durationMs(exit) < 400, exit?.last);
  });

  it("says so when the last exec came before the monitor", async () => {
    const child = spawn(fixture("sleep-ms"), ["1000000"], { stdio: "ignore" });
    await sleep(100);
    const { rows } = await watch([], async () => {
      child.kill("SIGTERM");
      await once(child, "exit");
    });
    const ofChild = rows.filter(({ pid }) => pid === child.pid);
    assert.equal(ofChild.length, 1);
    assert.match(ofChild[0]?.last ?? "", /^\[SIGTERM\] \(\d+ms since start\)$/);
    assert.ok(ofChild[0] && durationMs(ofChild[0]) >= 100);
  });

  it("tells the time of the event, in local time", async () => {
    const before = Math.floor(Date.now() / 1000);
    const { rows } = await watchOne(fixture("tiny"));
    const after = Math.floor(Date.now() / 1000);
    const possible = new Set<string>();
    for (let second = before; second <= after; second++)
      possible.add(new Date(second * 1000).toTimeString().slice(0, 8));
    assert.ok(possible.has(rows[0]?.time ?? ""), `${rows[0]?.time} is none of ${[...possible].join(", ")}`);
  });
});

describe("the end of a process", () => {
  const signals: [string, string][] = [
    ["KILL", "[SIGKILL]"],
    ["TERM", "[SIGTERM]"],
    ["34", "[SIGRTMIN]"],
    ["37", "[SIGRTMIN+3]"],
  ];
  for (const [signal, expected] of signals) {
    it(`is ${expected} when it was killed by ${signal}`, async () => {
      const { rows } = await watchOne("/bin/bash", "-c", `kill -${signal} $$`);
      assert.equal(rows.at(-1)?.last.split(" (")[0], expected);
    });
  }

  it("tells of a core exactly when one was dumped", async () => {
    const directory = mkdtempSync(join(tmpdir(), "ebpf-bootstrap-core-"));
    try {
      // Whether a core is dumped is up to this machine's settings; the parent's wait(2) knows.
      const shell = `ulimit -c unlimited; exec ${fixture("storm")} 1 1 /bin/bash -c 'kill -SEGV $$'`;
      const { rows, result } = await watch([], () =>
        execFileSync("/bin/bash", ["-c", shell], { cwd: directory, encoding: "utf8" }),
      );
      const [pid, , status] = result.split(" ").map(Number);
      assert.equal((status ?? 0) & 0x7f, 11);
      const dumped = ((status ?? 0) & 0x80) !== 0;
      const exit = rows.find((row) => row.event === "EXIT" && row.pid === pid);
      assert.equal(exit?.last.split(" (")[0], dumped ? "[SIGSEGV core]" : "[SIGSEGV]");
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  it("comes once, after the last thread, when the leader exits first", async () => {
    const { rows } = await watchOne(fixture("leader-exits-first"));
    assert.deepEqual(
      rows.map(({ event }) => event),
      ["EXEC", "EXIT"],
    );
    assert.match(rows[1]?.last ?? "", /^\[7\] /);
    assert.ok(rows[1] && durationMs(rows[1]) >= 300, rows[1]?.last);
  });

  it("comes once for each of 1,000 processes whose nine threads race to the end", async () => {
    const { rows, result: children } = await watch([], () => storm(1000, 2, fixture("nine-threads"), "9"));
    const exits = rowsByPid(rows.filter(({ event }) => event === "EXIT"));
    for (const { pid } of children) {
      assert.equal(exits.get(pid)?.length, 1, `process ${pid}`);
      assert.match(exits.get(pid)?.[0]?.last ?? "", /^\[9\] /);
    }
    const pids = new Set(children.map(({ pid }) => pid));
    const workers = new Set(children.map(({ ppid }) => ppid));
    const strangers = rows.filter(({ comm, pid }) => comm === "nine-threads" && !pids.has(pid) && !workers.has(pid));
    assert.deepEqual(strangers, [], "threads must not appear");
  });

  it("is not reported when a thread calls exec and takes over its process", async () => {
    const { rows } = await watchOne(fixture("exec-from-thread"), fixture("tiny"), "4");
    assert.deepEqual(
      rows.map(({ event, comm }) => `${event} ${comm}`),
      ["EXEC exec-from-threa", "EXEC tiny", "EXIT tiny"],
    );
    assert.match(rows[2]?.last ?? "", /^\[4\] /);
  });
});

describe("--duration", () => {
  it("leaves out execs and processes that lived for less, and keeps the others", async () => {
    const { rows, result } = await watch(["-d", "150"], async () => {
      const children = await storm(20, 1, fixture("sleep-ms"), "10");
      const long = spawn(fixture("sleep-ms"), ["200"], { stdio: "ignore" });
      await once(long, "exit");
      return { children, longPid: long.pid };
    });
    assert.deepEqual(
      rows.filter(({ event }) => event === "EXEC"),
      [],
    );
    const pids = new Set(result.children.map(({ pid }) => pid));
    assert.deepEqual(
      rows.filter(({ pid }) => pids.has(pid)),
      [],
    );
    assert.equal(rows.filter(({ pid }) => pid === result.longPid).length, 1);
    for (const row of rows) assert.ok(durationMs(row) >= 150, row.last);
  });

  it("takes a fraction of a millisecond, which filters too", async () => {
    const { rows, result: children } = await watch(["-d", "0.001"], () => storm(10, 1, fixture("tiny")));
    assert.deepEqual(
      rows.filter(({ event }) => event === "EXEC"),
      [],
    );
    for (const { pid } of children) assert.equal(rows.filter((row) => row.pid === pid).length, 1);
  });
});

describe("names that are not what they seem", () => {
  const names: [string, string][] = [
    ["a\nb", "a\\nb"],
    ["\u001b[2Jx", "\\x1b[2Jx"],
    ["back\\slash", "back\\\\slash"],
    ["é", "é"],
  ];
  for (const [name, shown] of names) {
    it(`shows ${JSON.stringify(name)} as ${shown}`, async () => {
      const { rows } = await watchOne(fixture("named"), name);
      assert.equal(rows.at(-1)?.comm, shown);
    });
  }

  it("shows bytes that are not UTF-8 in a file name", async () => {
    const directory = mkdtempSync(join(tmpdir(), "ebpf-bootstrap-names-"));
    try {
      const script = `cp ${fixture("tiny")} "${directory}/$(printf 'x\\377\\ny')" && exec "${directory}/$(printf 'x\\377\\ny')"`;
      const { rows } = await watchOne("/bin/bash", "-c", script);
      assert.ok(
        rows.some(({ last }) => last === `${directory}/x\\xff\\ny`),
        JSON.stringify(rows),
      );
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  it("shows a long path whole, whatever its length", async () => {
    const directory = mkdtempSync(join(tmpdir(), "ebpf-bootstrap-paths-"));
    try {
      const { rows } = await watch([], () => {
        for (const length of [83, 84, 85, 467, 468, 469, 2000, 4000]) spawnSync(pathOfLength(directory, length));
      });
      const lengths = rows.filter(({ last }) => last.startsWith(directory)).map(({ last }) => last.length);
      assert.deepEqual(lengths, [83, 84, 85, 467, 468, 469, 2000, 4000]);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});

/** Makes a copy of a program whose path has exactly this many bytes. */
function pathOfLength(directory: string, length: number): string {
  const segments: string[] = [];
  let left = length - directory.length;
  while (left > 220) {
    segments.push("d".repeat(199));
    left -= 200;
  }
  const parent = join(directory, ...segments);
  const path = `${parent}/${"p".repeat(left - 1)}`;
  execFileSync("/bin/bash", ["-c", 'mkdir -p "$1" && cp "$2" "$3"', "bash", parent, fixture("tiny"), path]);
  return path;
}
