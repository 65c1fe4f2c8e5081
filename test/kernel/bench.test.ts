import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

interface Result {
  readonly metric: string;
  readonly contender: string;
  readonly median: number;
  readonly ratio?: number;
  readonly values: readonly number[];
}

describe("the bench", () => {
  it("measures the monitor against the reference in C", { timeout: 180_000 }, (t) => {
    const folder = mkdtempSync(join(tmpdir(), "ebpf-bootstrap-bench-test-"));
    t.after(() => {
      rmSync(folder, { recursive: true });
    });
    const json = join(folder, "figures.json");
    const what = [
      "--peer",
      "c-reference",
      "--figure",
      "cpu-file,lost-storm,kernel",
      "--rounds",
      "1",
      "--children",
      "400",
    ];
    const text = execFileSync(process.execPath, ["--import", "tsx", "bench/main.ts", ...what, "--json", json], {
      cwd: root,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    });

    const { results } = JSON.parse(readFileSync(json, "utf8")) as { results: readonly Result[] };
    const find = (metric: string, contender: string) => {
      const found = results.find((result) => result.metric === metric && result.contender === contender);
      assert.ok(found, `${metric} of ${contender} is missing`);
      return found;
    };
    for (const contender of ["us", "us-json", "c-reference"]) {
      assert.equal(find("cpu-file", contender).values.length, 1);
      assert.ok(find("cpu-file", contender).median > 0);
      assert.ok(find("kernel-exec", contender).median > 0);
      assert.ok(find("kernel-exit", contender).median > 0);
    }
    assert.equal(find("lost-storm", "us").median, 0, "the storm's events are found in the output");
    assert.equal(find("lost-storm", "us-json").median, 0, "the storm's events are found in the output");
    assert.equal(find("cpu-file", "us").ratio, 1);
    assert.match(text, /^\| c-reference +\| \d+\.\d\d ×/m);
  });
});
