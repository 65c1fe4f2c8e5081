import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { fixture } from "../fixture.ts";
import { Held } from "./held.ts";
import { sharedMonitor, type JsonMonitor } from "./json-monitor.ts";
import { ofPid, type JsonRecord } from "./record.ts";

const env = { PLAIN: "one two", EMPTY: "", API_TOKEN: "do not show", LINES: "a\nb", "": "nameless" };

/** Runs a program in an environment; its exec, and the environment as /proc has it. */
async function runIn(monitor: JsonMonitor): Promise<{ exec: JsonRecord; inProc: string[] }> {
  const { result, records } = await monitor.during(async () => {
    await using held = await Held.start(fixture("hold"), ["argument"], { env });
    return { pid: held.pid, bytes: readFileSync(`/proc/${held.pid}/environ`, "utf8") };
  });
  const exec = ofPid(records, result.pid).find(({ type }) => type === "exec");
  assert.ok(exec);
  assert.deepEqual(exec.argv, [fixture("hold"), "argument"]);
  return { exec, inProc: result.bytes.split("\0").slice(0, -1) };
}

describe("without --env", () => {
  const monitor = sharedMonitor();

  it("no environment is told, and none is missing", async () => {
    const { exec } = await runIn(monitor());
    assert.deepEqual([exec.env, exec.missing], [undefined, undefined]);
  });
});

describe("with --env=raw", () => {
  const monitor = sharedMonitor("--env=raw");

  it("an environment is told as /proc has it", async () => {
    const { exec, inProc } = await runIn(monitor());
    assert.ok(inProc.length >= Object.keys(env).length, "the workload itself");
    assert.deepEqual(exec.env, inProc);
  });
});

describe("with --env", () => {
  const monitor = sharedMonitor("--env");

  it("what looks like a secret is not told", async () => {
    const { exec, inProc } = await runIn(monitor());
    assert.ok(inProc.includes("API_TOKEN=do not show"), "the workload itself");
    const hidden = exec.env?.filter((variable, index) => variable !== inProc[index]);
    assert.equal(hidden?.length, 1);
    assert.match(hidden[0] ?? "", /^API_TOKEN=/);
    assert.doesNotMatch(JSON.stringify(monitor().records), /do not show/);
  });
});
