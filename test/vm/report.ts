import type { TestEvent } from "node:test/reporters";

/** What came of one test. */
export interface Result {
  /** The file, the `describe`s and the name. */
  readonly path: readonly string[];
  readonly outcome: "passed" | "failed" | "skipped";
  readonly ms: number;
  /** Of a failure, or why it was skipped. */
  readonly reason?: string;
}

/** What node:test says of a test that --test-name-pattern leaves out. */
const NOT_CHOSEN = "test name does not match pattern";

/** A reporter of node:test that writes a `Result` a line. */
async function* report(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  const path: string[] = [];
  for await (const { type, data } of events) {
    if (type === "test:start") path.splice(data.nesting, Infinity, data.name);
    if (type !== "test:pass" && type !== "test:fail") continue;
    const { skip, nesting } = data;
    if (type === "test:pass" && data.details.type === "suite" && typeof skip !== "string") continue;
    if (type === "test:fail" && isOfChildren(data.details.error)) continue;
    if (skip === NOT_CHOSEN) continue;
    const result: Result = {
      path: path.slice(0, nesting + 1),
      outcome: type === "test:fail" ? "failed" : skip === undefined || skip === false ? "passed" : "skipped",
      ms: Math.round(data.details.duration_ms),
      ...(type === "test:fail" && {
        reason:
          data.details.error.cause instanceof Error ? data.details.error.cause.message : data.details.error.message,
      }),
      ...(typeof skip === "string" && { reason: skip }),
    };
    yield `${JSON.stringify(result)}\n`;
  }
}

/** Whether an error only says that tests within failed, which are told themselves. */
function isOfChildren(error: object): boolean {
  return "failureType" in error && error.failureType === "subtestsFailed";
}

export { report as default };
