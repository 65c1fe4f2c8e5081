import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { clockNs, clocks } from "../../src/libc/libc.ts";
import type { ProcessEvent } from "../../src/event/event.ts";
import { noLosses, type Losses } from "../../src/event/losses.ts";
import { Monitor } from "../../src/monitor/monitor.ts";
import type { Output } from "../../src/output/output.ts";
import { FakeProbe } from "../probe/fake-probe.ts";
import { execRecord, exitRecord } from "../probe/record.ts";

/** An output that notes what it is given, and whose reader can be stopped. */
class NotingOutput implements Output {
  readonly events: ProcessEvent[] = [];
  readonly losses: Losses[] = [];
  flushes = 0;
  #reader: Promise<void> = Promise.resolve();
  #resume: () => void = () => undefined;

  event(event: ProcessEvent): void {
    this.events.push(event);
  }

  lost(losses: Losses): void {
    this.losses.push(losses);
  }

  flush(): Promise<void> {
    this.flushes++;
    return this.#reader;
  }

  stopReader(): void {
    this.#reader = new Promise((resolve) => (this.#resume = resolve));
  }

  resumeReader(): void {
    this.#resume();
    this.#reader = Promise.resolve();
  }
}

async function until(condition: () => boolean): Promise<void> {
  for (let round = 0; !condition(); round++) {
    assert.ok(round < 1000, "in time");
    await sleep(5);
  }
}

describe("Monitor", () => {
  it("brings events in their order, and flushes after them", async () => {
    const probe = new FakeProbe();
    const output = new NotingOutput();
    const monitor = new Monitor(probe, ["exec", "exit"]);
    const done = monitor.run(output);
    for (let pid = 1; pid <= 100; pid++) probe.emit(execRecord("/bin/sh", { pid }));
    await until(() => output.events.length === 100);
    assert.deepEqual(
      output.events.map(({ pid }) => pid),
      Array.from({ length: 100 }, (_, index) => index + 1),
    );
    monitor.stop();
    const { events, losses } = await done;
    assert.equal(events, 100);
    assert.deepEqual(losses, noLosses);
    assert.ok(output.flushes < 20, "in batches");
  });

  it("flushes before the first event, so that a header shows", async () => {
    const output = new NotingOutput();
    const monitor = new Monitor(new FakeProbe(), ["exec", "exit"]);
    const done = monitor.run(output);
    assert.equal(output.flushes, 1);
    monitor.stop();
    await done;
  });

  it("detaches, then drains, then closes when it is stopped; nothing is left behind", async () => {
    const probe = new FakeProbe();
    const output = new NotingOutput();
    const monitor = new Monitor(probe, ["exec", "exit"]);
    const done = monitor.run(output);
    await sleep(20);
    probe.emit(exitRecord(0, 0n));
    monitor.stop();
    await done;
    assert.deepEqual(probe.calls, ["detach", "close"]);
    assert.equal(output.events.length, 1);
  });

  it("reads nothing more while its reader has stopped; the losses are counted, and told meanwhile", async () => {
    const probe = new FakeProbe(4096);
    const output = new NotingOutput();
    const monitor = new Monitor(probe, ["exec", "exit"]);
    const done = monitor.run(output);
    await sleep(20);
    output.stopReader();
    probe.emit(execRecord("/bin/first"));
    await until(() => output.events.length === 1);
    for (let count = 0; count < 1000; count++) probe.emit(execRecord("/bin/sh"));
    await until(() => output.losses.length > 0);
    assert.equal(output.events.length, 1);
    output.resumeReader();
    await until(() => output.events.length > 1);
    monitor.stop();
    const { events, losses } = await done;
    assert.equal(BigInt(events) + losses.exec, 1001n);
    assert.deepEqual(output.losses.at(-1), losses);
  });

  it("tells losses once, not again and again", async () => {
    const probe = new FakeProbe(4096);
    const output = new NotingOutput();
    const monitor = new Monitor(probe, ["exec", "exit"]);
    const done = monitor.run(output);
    for (let count = 0; count < 1000; count++) probe.emit(execRecord("/bin/sh"));
    await sleep(2500);
    assert.equal(output.losses.length, 1);
    monitor.stop();
    await done;
    assert.equal(output.losses.length, 1);
  });

  it("can be stopped while its ring is always full and its output never waits", async () => {
    const probe = new FakeProbe();
    const output = new NotingOutput();
    // Every event brings another one.
    output.event = () => {
      probe.emit(execRecord("/bin/sh"));
    };
    const monitor = new Monitor(probe, ["exec", "exit"]);
    const done = monitor.run(output);
    for (let count = 0; count < 400; count++) probe.emit(execRecord("/bin/sh"));
    await sleep(50);
    monitor.stop();
    await done;
  });

  it("runs once, and can be closed instead", async () => {
    const probe = new FakeProbe();
    const monitor = new Monitor(probe, ["exec", "exit"]);
    monitor.close();
    monitor.close();
    assert.deepEqual(probe.calls, ["close"]);
    await assert.rejects(monitor.run(new NotingOutput()), /run a monitor: it is closed/);
  });

  it("counts records that make no sense, and goes on", async () => {
    const probe = new FakeProbe();
    const output = new NotingOutput();
    const monitor = new Monitor(probe, ["exec", "exit"]);
    const done = monitor.run(output);
    probe.emit(Uint8Array.of(1, 2, 3));
    probe.emit(execRecord("/bin/sh"));
    await until(() => output.events.length === 1);
    monitor.stop();
    assert.equal((await done).losses.malformed, 1n);
    assert.equal(output.losses.at(-1)?.malformed, 1n);
  });

  it("closes everything and rejects when the output fails", async () => {
    const probe = new FakeProbe();
    const output = new NotingOutput();
    output.flush = () => Promise.reject(new Error("no space"));
    await assert.rejects(new Monitor(probe, ["exec", "exit"]).run(output), /no space/);
    assert.deepEqual(probe.calls, ["close"]);
  });

  it("turns boot time into wall time", () => {
    const monitor = new Monitor(new FakeProbe(), ["exec", "exit"]);
    const wallMs = Number(monitor.wallNs(clockNs(clocks.boottime)) / 1_000_000n);
    assert.ok(Math.abs(wallMs - Date.now()) < 1000, `${wallMs} is not ${Date.now()}`);
  });
});
