import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Samples } from "../../bench/samples.ts";
import { reportTargets } from "../../bench/targets.ts";

describe("the bench's targets", () => {
  const samples = new Samples();
  samples.add("cpu-file", "us", 0, 3);
  samples.add("cpu-file", "c-reference", 0, 10);
  samples.add("lost-storm", "us", 0, 0);
  samples.add("slowdown-overhead", "us", 0, 0.02);
  samples.add("slowdown-overhead", "c-reference", 0, 0.1);

  it("are judged for the metrics that were asked for", () => {
    assert.match(
      reportTargets(samples, new Set(["cpu-file"])),
      /^ +us cpu-file ÷ c-reference +0\.300 +≤ 0\.25 +missed\n$/,
    );
    assert.match(reportTargets(samples, new Set(["slowdown-cpu"])), /^ +us slowdown-overhead .* reached\n$/);
  });

  it("are not for others, though they were measured in the same storm, nor for those without a value", () => {
    assert.equal(reportTargets(samples, new Set(["rss-peak", "cpu-warm"])), "");
  });
});
