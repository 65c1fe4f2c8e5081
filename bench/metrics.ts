import type { Pass } from "./bench.ts";
import { ceilingPass } from "./passes/ceiling-pass.ts";
import { endurancePass } from "./passes/endurance-pass.ts";
import { kernelPass } from "./passes/kernel-pass.ts";
import { livePass } from "./passes/live-pass.ts";
import { moderatePass, pipePass, warmPass } from "./passes/plain-passes.ts";
import { ringPass } from "./passes/ring-pass.ts";
import { stormPass } from "./passes/storm-pass.ts";

/** Something that is measured of every monitor. */
export interface Metric {
  /** Begins with its figure's name. */
  readonly id: string;
  /** Its column's heading. */
  readonly title: string;
  /** Digits after the point. */
  readonly digits: number;
  /** What measures it. */
  readonly pass: Pass;
}

/** A table: metrics that belong together. */
export interface Figure {
  readonly name: string;
  readonly title: string;
  readonly metrics: readonly Metric[];
  /** Takes so long that it is measured only if it is named. */
  readonly onRequest?: boolean;
}

function metric(pass: Pass, id: string, title: string, digits: number): Metric {
  return { id, title, digits, pass };
}

/** All that can be measured, in the order of the report. */
export const figures: readonly Figure[] = [
  {
    name: "cpu",
    title: "User and system CPU time of the monitor, ms for 1,000 events (a process has two: its exec and its exit)",
    metrics: [
      metric(stormPass, "cpu-file", "storm, to a file", 2),
      metric(stormPass, "cpu-file-total", "the same, start included", 2),
      metric(warmPass, "cpu-warm", "the same, after another storm", 2),
      metric(kernelPass, "cpu-null", "storm, to /dev/null", 2),
      metric(pipePass, "cpu-pipe", "storm, to a pipe", 2),
      metric(moderatePass, "cpu-moderate", "200 processes a second", 2),
    ],
  },
  {
    name: "kernel",
    title: "Time in the kernel that its BPF programs take, ns",
    metrics: [
      metric(kernelPass, "kernel-exec", "an exec", 0),
      metric(kernelPass, "kernel-exit", "an exit", 0),
      metric(kernelPass, "kernel-both", "both", 0),
      metric(kernelPass, "kernel-all", "all programs, for each process made", 0),
    ],
  },
  {
    name: "slowdown",
    title: "What the storm takes with the monitor, as a multiple of what it takes without",
    metrics: [
      metric(stormPass, "slowdown-cpu", "CPU time", 3),
      metric(stormPass, "slowdown-wall", "time on the wall clock", 3),
    ],
  },
  {
    name: "lost",
    title: "Events of the storm that were not shown, %",
    metrics: [
      metric(stormPass, "lost-storm", "at the default ring size", 2),
      metric(ringPass, "lost-crowd", "the same, 8 processes at a time", 2),
      metric(ringPass, "lost-ring", "smallest ring that loses none of these, KiB", 0),
    ],
  },
  {
    name: "start",
    title: "Start, ms",
    metrics: [
      metric(livePass, "start-first", "to the line of the first event", 0),
      metric(stormPass, "start-cpu", "CPU time until it is quiet", 0),
    ],
  },
  {
    name: "rss",
    title: "Resident memory, MiB",
    metrics: [
      metric(stormPass, "rss-start", "peak while it starts", 1),
      metric(stormPass, "rss-peak", "peak in the storm", 1),
      metric(stormPass, "rss-after", "after it", 1),
      metric(stormPass, "rss-above-node", "peak in the storm, above a Node.js that does nothing", 1),
    ],
  },
  {
    name: "wakeups",
    title:
      "Wakeups a second (voluntary context switches of all threads), and the CPU time of doing nothing, % of a core",
    metrics: [
      metric(livePass, "wakeups-idle", "idle", 1),
      metric(livePass, "cpu-idle", "CPU when idle", 3),
      metric(livePass, "wakeups-trickle", "10 processes a second", 1),
      metric(moderatePass, "wakeups-moderate", "200 processes a second", 0),
      metric(stormPass, "wakeups-storm", "storm", 0),
    ],
  },
  {
    name: "latency",
    title: "From an exit to its line on a terminal, ms",
    metrics: [
      metric(livePass, "latency-quiet-p50", "10 a second, median", 2),
      metric(livePass, "latency-quiet-p99", "99th percentile", 2),
      metric(livePass, "latency-busy-p50", "storm, median", 2),
      metric(livePass, "latency-busy-p99", "99th percentile", 2),
    ],
  },
  {
    name: "ceiling",
    title: "Consumer's ceiling: events for each second of its CPU time, fed by the kernel, to /dev/null",
    metrics: [metric(ceilingPass, "ceiling", "real records of its own", 0)],
  },
  {
    name: "endurance",
    title: "Resident memory in minutes of storms, MiB",
    onRequest: true,
    metrics: [
      metric(endurancePass, "endurance-early", "first half", 1),
      metric(endurancePass, "endurance-late", "second half", 1),
      metric(endurancePass, "endurance-peak", "peak", 1),
    ],
  },
];
