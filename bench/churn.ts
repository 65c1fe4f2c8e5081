/**
 * Whether memory stays flat while processes come and go: runs the monitor, all events in full, over a storm of short
 * processes, and samples its heap and resident set. Ends with 1 if they grow.
 *
 *     make build && sudo node --expose-gc --import tsx bench/churn.ts [MINUTES]      (30 unless said otherwise)
 */
import { spawn } from "node:child_process";
import { openSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { openMonitor } from "../src/monitor/open-monitor.ts";
import { totalLosses } from "../src/event/losses.ts";
import { allEventKinds } from "../src/cli/event-kinds.ts";
import { clockNs, clocks } from "../src/libc/libc.ts";
import { jsonOutput } from "../src/output/json.ts";
import { fileSink } from "../src/output/text-sink.ts";
import { userNames } from "../src/process/users.ts";
import { fixture } from "../test/kernel/fixture.ts";

interface Sample {
  readonly minute: number;
  readonly heapMiB: number;
  readonly rssMiB: number;
}

const minutes = Number(process.argv[2] ?? 30);
if (!(minutes > 0)) throw new TypeError(`churn: ${process.argv[2] ?? ""} is no number of minutes`);

const monitor = openMonitor({ full: true, events: allEventKinds });
const running = monitor.run(
  jsonOutput({
    lines: fileSink(openSync("/dev/null", "w")),
    diagnostics: console.error,
    wallNs: (bootNs) => monitor.wallNs(bootNs),
    nowBootNs: () => clockNs(clocks.boottime),
    users: userNames(),
    bootId: "churn",
    env: "off",
  }),
);
const samples = await sampleDuringStorm(Date.now() + minutes * 60_000);
monitor.stop();
const { events, losses } = await running;
const [early, late] = [samples.slice(0, samples.length / 2), samples.slice(samples.length / 2)];
const heapGrowth = median(late, "heapMiB") / median(early, "heapMiB");
const rssGrowth = median(late, "rssMiB") / median(early, "rssMiB");
console.log(`${events} events, lost ${totalLosses(losses)}`);
console.log(`second half / first half: heap × ${heapGrowth.toFixed(3)}, resident set × ${rssGrowth.toFixed(3)}`);
process.exitCode = heapGrowth < 1.1 && rssGrowth < 1.1 ? 0 : 1;

/** One storm after another until the time is up; a sample every ten seconds, the warm-up left out. */
async function sampleDuringStorm(end: number): Promise<Sample[]> {
  const samples: Sample[] = [];
  const startedAt = Date.now();
  const storms = (async () => {
    while (Date.now() < end) await storm();
  })();
  while (Date.now() < end) {
    await sleep(Math.min(10_000, end - Date.now()));
    globalThis.gc?.();
    const { heapUsed, rss } = process.memoryUsage();
    const sample = { minute: (Date.now() - startedAt) / 60_000, heapMiB: heapUsed / 2 ** 20, rssMiB: rss / 2 ** 20 };
    console.log(
      `${sample.minute.toFixed(1)} min: heap ${sample.heapMiB.toFixed(1)} MiB, resident ${sample.rssMiB.toFixed(1)} MiB`,
    );
    if (sample.minute > minutes / 10) samples.push(sample);
  }
  await storms;
  return samples;
}

function storm(): Promise<void> {
  return new Promise((resolve) => {
    spawn(fixture("storm"), ["5000", "1", fixture("tiny")], { stdio: "ignore" }).on("exit", () => {
      resolve();
    });
  });
}

function median(samples: readonly Sample[], field: "heapMiB" | "rssMiB"): number {
  const values = samples.map((sample) => sample[field]).sort((a, b) => a - b);
  return values[Math.floor(values.length / 2)] ?? NaN;
}
