import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { readFeatures } from "../../src/probe/features.ts";
import { KernelProbe } from "../../src/probe/kernel-probe.ts";
import { describeProbe } from "../probe/probe-contract.ts";
import { fixture } from "./fixture.ts";

describeProbe("the probe in the kernel", {
  open: ({ ringSize }) => new KernelProbe({ ringSize }),
  async runProgram(_probe, code) {
    const child = spawn(fixture("tiny"), [String(code)], { stdio: "ignore" });
    await once(child, "exit");
    return child.pid ?? 0;
  },
});

describe("a kernel probe", () => {
  const { failedExecs: canTell } = readFeatures({});
  for (const [options, wanted] of [
    [{ full: true, failedExecs: true }, true],
    [{ full: true }, false],
  ] as const) {
    it(`loads what failed execs take, or says that it cannot: ${JSON.stringify(options)}`, () => {
      const probe = new KernelProbe(options);
      try {
        const isLoaded = probe.programs.some(({ name }) => name === "handle_syscall_exit");
        assert.equal(isLoaded, wanted && canTell);
        const isSaid = probe.gaps().some((gap) => gap.startsWith("failed execs, "));
        assert.equal(isSaid, wanted && !canTell);
      } finally {
        probe.close();
      }
    });
  }
});

describe("the resources of a kernel probe", () => {
  it("are given back: no descriptor and no mapping is left", async () => {
    new KernelProbe({}).close();
    await sleep(50);
    const before = descriptors();
    for (let round = 0; round < 5; round++) {
      const probe = new KernelProbe({});
      await probe.wait(1);
      probe.close();
    }
    await sleep(50);
    assert.deepEqual(descriptors(), before);
  });

  it("are given back when a probe cannot be made", async () => {
    assert.throws(() => new KernelProbe({ ringSize: 0 }));
    await sleep(50);
    const before = descriptors();
    for (let round = 0; round < 5; round++) assert.throws(() => new KernelProbe({ ringSize: 0 }));
    await sleep(50);
    assert.deepEqual(descriptors(), before);
  });
});

function descriptors(): string[] {
  return readdirSync("/proc/self/fd");
}
