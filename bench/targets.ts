import type { Samples } from "./samples.ts";
import { median, pairedRatio } from "./statistics.ts";

/** What is to be reached: a metric, or its ratio to another contender's, is at most so much, or at least. */
interface Target {
  readonly metric: string;
  /** The metric in the tables that this one belongs to, if it is in none itself. */
  readonly column?: string;
  readonly contender: string;
  /** If given, the ratio to this contender is meant. */
  readonly against?: string;
  readonly atMost?: number;
  readonly atLeast?: number;
}

const reference = "c-reference";

const targets: readonly Target[] = [
  { metric: "cpu-file", contender: "us", against: reference, atMost: 0.25 },
  { metric: "cpu-file", contender: "us-json", against: reference, atMost: 0.5 },
  { metric: "cpu-warm", contender: "us", against: reference, atMost: 0.25 },
  { metric: "cpu-warm", contender: "us-json", against: reference, atMost: 0.5 },
  { metric: "cpu-moderate", contender: "us", against: reference, atMost: 1 },
  { metric: "cpu-moderate", contender: "us-json", against: reference, atMost: 1 },
  { metric: "kernel-both", contender: "us", against: reference, atMost: 0.15 },
  { metric: "kernel-both", contender: "us-json", against: reference, atMost: 0.35 },
  { metric: "slowdown-overhead", column: "slowdown-cpu", contender: "us", against: reference, atMost: 0.5 },
  { metric: "lost-storm", contender: "us", atMost: 0 },
  { metric: "lost-storm", contender: "us-json", atMost: 0 },
  { metric: "start-first", contender: "us", against: "bpftrace", atMost: 1 },
  { metric: "start-first", contender: "us-json", against: "bpftrace", atMost: 1 },
  { metric: "wakeups-idle", contender: "us", atMost: 1 },
  { metric: "cpu-idle", contender: "us", atMost: 0.1 },
  { metric: "wakeups-storm", contender: "us", atMost: 200 },
  { metric: "wakeups-storm", contender: "us-json", atMost: 200 },
  { metric: "latency-quiet-p99", contender: "us", atMost: 20 },
  { metric: "latency-quiet-p99", contender: "us-json", atMost: 20 },
  { metric: "rss-above-node", contender: "us", atMost: 25 },
  { metric: "rss-above-node", contender: "us-json", atMost: 25 },
  { metric: "ceiling", contender: "us", atLeast: 2e6 },
  { metric: "ceiling", contender: "us-json", atLeast: 1e6 },
];

/** Each target of these metrics that was measured, with what came out, a line each. */
export function reportTargets(samples: Samples, metrics: ReadonlySet<string>): string {
  const wanted = targets.filter(({ metric, column = metric }) => metrics.has(column));
  const lines = wanted.flatMap((target) => {
    const value = valueOf(target, samples);
    if (value === undefined) return [];
    const { metric, contender, against, atMost = Infinity, atLeast = -Infinity } = target;
    const what = `${contender} ${metric}${against === undefined ? "" : ` ÷ ${against}`}`;
    const limit = atMost < Infinity ? `≤ ${atMost}` : `≥ ${atLeast}`;
    const verdict = value <= atMost && value >= atLeast ? "reached" : "missed";
    return [`${what.padEnd(46)} ${value.toPrecision(3).padStart(9)}   ${limit.padEnd(10)} ${verdict}`];
  });
  return lines.map((line) => `    ${line}\n`).join("");
}

function valueOf({ metric, contender, against }: Target, samples: Samples): number | undefined {
  const values = samples.of(metric, contender);
  if (values.size === 0) return undefined;
  return against === undefined ? median([...values.values()]) : pairedRatio(values, samples.of(metric, against));
}
