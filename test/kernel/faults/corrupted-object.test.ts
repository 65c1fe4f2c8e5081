import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { patience } from "../pace.ts";
import { ProgramCopy } from "../program-copy.ts";

const COUNT = 180;
const loader = fileURLToPath(new URL("load-corrupted.ts", import.meta.url));

describe("a corrupted object", () => {
  it(
    `is loaded, or refused with an error, ${COUNT} times: it never crashes the loader, nor keeps it for ever`,
    { timeout: patience(120_000) },
    (t) => {
      using copy = new ProgramCopy();
      // In a process of its own: libbpf could take it down.
      const args = ["--import", "tsx", loader, copy.object, "0", String(COUNT)];
      const { status, signal, stdout, stderr } = spawnSync(process.execPath, args, {
        encoding: "utf8",
        timeout: patience(110_000),
        maxBuffer: 64 * 1024 * 1024,
      });
      const lines = stdout.trimEnd().split("\n");
      assert.deepEqual([status, signal], [0, null], `${lines.at(-1) ?? ""}\n${stderr}`);
      const outcomes = lines.map((line) => line.split(" ")[1] ?? "");
      assert.equal(outcomes.length, COUNT);
      const counts = new Map<string, number>();
      for (const outcome of outcomes) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
      t.diagnostic(JSON.stringify(Object.fromEntries(counts)));
      const expected = ["LIBBPF_FAILED", "OBJECT_INVALID", "VERIFIER_REFUSED", "loaded"];
      assert.deepEqual([...counts.keys()].sort(), expected, "each of these, and nothing else");
      for (const line of lines.filter((text) => !text.endsWith("loaded"))) assert.match(line, /"(open|load) .*: .+"$/);
    },
  );
});
