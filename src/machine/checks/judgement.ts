import type { Finding } from "../../errors.ts";

/** A finding that does not bear its check's name yet. */
export type Judgement = Omit<Finding, "check">;

/** All is well. */
export function ok(text: string): Judgement {
  return { status: "ok", text, fixes: [] };
}

/** It works, but there is something to know. */
export function note(text: string, ...fixes: readonly string[]): Judgement {
  return { status: "note", text, fixes };
}

/** The monitor does not work because of this. */
export function missing(text: string, ...fixes: readonly string[]): Judgement {
  return { status: "missing", text, fixes };
}

/** It could not be found out. */
export function unknown(text: string): Judgement {
  return { status: "unknown", text, fixes: [] };
}

/** What to do where a container or a sandbox forbids it. */
export const RUN_ON_HOST =
  "Run it on the host instead; or in a container started with --privileged, or with --cap-add BPF --cap-add PERFMON " +
  "and a seccomp profile that allows bpf(2).";
