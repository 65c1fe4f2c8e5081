import assert from "node:assert/strict";
import { describe, it, mock } from "node:test";
import { onStopSignal } from "../../src/cli/signals.ts";

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Notes what is called while `act` runs, with a clock that moves only when told. */
function watch(act: (clock: typeof mock.timers) => void, progress = () => 0): string[] {
  const calls: string[] = [];
  mock.timers.enable({ apis: ["setInterval"] });
  const registration = onStopSignal({
    stop: () => calls.push("stop"),
    giveUp: () => calls.push("give up"),
    progress,
  });
  try {
    act(mock.timers);
    return calls;
  } finally {
    registration[Symbol.dispose]();
    mock.timers.reset();
  }
}

describe("onStopSignal", () => {
  for (const signal of signals) {
    it(`stops at ${signal}`, () => {
      assert.deepEqual(
        watch(() => process.emit(signal, signal)),
        ["stop"],
      );
    });
  }

  it("does nothing without a signal", () => {
    assert.deepEqual(
      watch((clock) => {
        clock.tick(60_000);
      }),
      [],
    );
  });

  it("gives up at the second signal, whichever it is, but not at the echo of the first", (t) => {
    let nowMs = 1000;
    t.mock.method(performance, "now", () => nowMs);
    assert.deepEqual(
      watch(() => {
        process.emit("SIGINT", "SIGINT");
        process.emit("SIGINT", "SIGINT");
        nowMs += 300;
        process.emit("SIGTERM", "SIGTERM");
      }),
      ["stop", "give up"],
    );
  });

  it("gives up when stopping takes too long, and not before", () => {
    assert.deepEqual(
      watch((clock) => {
        process.emit("SIGINT", "SIGINT");
        clock.tick(1999);
      }),
      ["stop"],
    );
    assert.deepEqual(
      watch((clock) => {
        process.emit("SIGINT", "SIGINT");
        clock.tick(2000);
      }),
      ["stop", "give up"],
    );
  });

  it("does not give up as long as there is progress", () => {
    let written = 0;
    const calls = watch(
      (clock) => {
        process.emit("SIGINT", "SIGINT");
        for (let round = 0; round < 10; round++) clock.tick(2000);
      },
      () => written++,
    );
    assert.deepEqual(calls, ["stop"]);
  });

  it("leaves no listener and no timer behind", () => {
    const before = signals.map((signal) => process.listenerCount(signal));
    mock.timers.enable({ apis: ["setInterval"] });
    try {
      const registration = onStopSignal({
        stop: () => undefined,
        giveUp: () => assert.fail("the timer is still there"),
        progress: () => 0,
      });
      process.emit("SIGINT", "SIGINT");
      registration[Symbol.dispose]();
      mock.timers.tick(60_000);
    } finally {
      mock.timers.reset();
    }
    const after = signals.map((signal) => process.listenerCount(signal));
    assert.deepEqual(after, before);
  });
});
