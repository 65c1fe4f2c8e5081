import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { ProcessEvent } from "../../src/event/event.ts";
import { Decoder } from "../../src/probe/decode.ts";
import type { Probe } from "../../src/probe/probe.ts";

/** How the contract gets at a kind of probe, and makes a process that it sees. */
export interface ProbeHarness {
  readonly open: (options: { readonly ringSize: number }) => Probe;
  /** Runs a program that exits with this code, to its end; returns its PID. */
  readonly runProgram: (probe: Probe, code: number) => Promise<number>;
}

const RING_SIZE = 256 * 1024;
const decoder = new Decoder();

/** What every probe must do, the kernel's and the one that stands in for it. */
export function describeProbe(name: string, { open, runProgram }: ProbeHarness): void {
  /** Opens a probe, hands it to the body, and closes it. */
  async function withProbe(body: (probe: Probe) => Promise<void>, ringSize = RING_SIZE): Promise<void> {
    const probe = open({ ringSize });
    try {
      await body(probe);
    } finally {
      probe.close();
    }
  }

  function drainEvents(probe: Probe, into: ProcessEvent[], limit = Infinity): number {
    return probe.drain((data, offset, length) => {
      const event = decoder.decode(data, offset, length);
      assert.ok(typeof event === "object");
      into.push(event);
    }, limit);
  }

  describe(name, () => {
    it("brings an exec and an exit for each program, in order", () =>
      withProbe(async (probe) => {
        const pids: number[] = [];
        for (let code = 0; code < 20; code++) pids.push(await runProgram(probe, code));
        const events: ProcessEvent[] = [];
        drainEvents(probe, events);
        for (const [code, pid] of pids.entries()) {
          const ofProgram = events.filter((event) => event.pid === pid);
          assert.deepEqual(
            ofProgram.map(({ kind }) => kind),
            ["exec", "exit"],
          );
          assert.deepEqual(ofProgram[1]?.kind === "exit" && ofProgram[1].status, { kind: "exited", code });
        }
      }));

    it("drains no more than it is asked to, and keeps the rest", () =>
      withProbe(async (probe) => {
        const pid = await runProgram(probe, 0);
        await runProgram(probe, 0);
        const events: ProcessEvent[] = [];
        while (drainEvents(probe, events, 1) === 1);
        assert.equal(events.filter((event) => event.pid === pid).length, 2);
        drainEvents(probe, events);
        assert.equal(events.filter((event) => event.pid === pid).length, 2, "each comes once");
      }));

    it("ends a wait when an event comes", () =>
      withProbe(async (probe) => {
        const events: ProcessEvent[] = [];
        drainEvents(probe, events);
        const startedAt = performance.now();
        const program = sleep(50).then(() => runProgram(probe, 3));
        let found = false;
        while (!found && performance.now() - startedAt < 5000) {
          await probe.wait(5000);
          drainEvents(probe, events);
          found = events.some(
            (event) => event.kind === "exit" && event.status.kind === "exited" && event.status.code === 3,
          );
        }
        await program;
        assert.ok(found);
      }));

    it("ends a wait at its time-out", () =>
      withProbe(async (probe) => {
        const startedAt = performance.now();
        await probe.wait(60);
        // An event of another process may end it early, but nothing may make it late by much.
        assert.ok(performance.now() - startedAt < 2000);
      }));

    it("ends a wait when it is woken, before or meanwhile", () =>
      withProbe(async (probe) => {
        probe.wake();
        await probe.wait(60_000);
        const waiting = probe.wait(60_000);
        probe.wake();
        await waiting;
      }));

    it("counts what found no room: events seen and lost are events made", () =>
      withProbe(async (probe) => {
        const pids = new Set<number>();
        for (let round = 0; round < 60; round++) pids.add(await runProgram(probe, 0));
        const events: ProcessEvent[] = [];
        drainEvents(probe, events);
        const seen = events.filter(({ pid }) => pids.has(pid)).length;
        const { exec, exit } = probe.losses();
        assert.ok(seen < 120, "a page of ring cannot hold them");
        assert.ok(BigInt(seen) + exec + exit >= 120n, `${seen} seen, ${exec} + ${exit} lost`);
      }, 4096));

    it("brings what is in the ring after it is detached, and nothing more", () =>
      withProbe(async (probe) => {
        const before = await runProgram(probe, 0);
        probe.detach();
        probe.detach();
        const after = await runProgram(probe, 0);
        const pids: number[] = [];
        for (let round = 0; round < 200 && probe.pendingBytes > 0; round++) {
          probe.drain((data, offset, length) => {
            const event = decoder.decode(data, offset, length);
            if (typeof event === "object") pids.push(event.pid);
          }, Infinity);
          await sleep(1);
        }
        assert.equal(pids.filter((pid) => pid === before).length, 2);
        assert.equal(pids.filter((pid) => pid === after).length, 0);
      }));

    it("closes more than once without harm", () => {
      const probe = open({ ringSize: RING_SIZE });
      probe.close();
      probe.close();
    });
  });
}
