import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { diagnosisJson, diagnosisText, findingLines } from "../../src/doctor/report.ts";
import type { Finding } from "../../src/errors.ts";

const good: Finding = { check: "btf", status: "ok", text: "there", fixes: [] };
const bad: Finding = { check: "capabilities", status: "missing", text: "none\x1b[2J", fixes: ["Do this.", "Or that."] };

describe("the doctor's report", () => {
  it("has a line for each finding, harmless to a terminal, and one below for each way to mend it", () => {
    assert.deepEqual(findingLines(bad), [
      "missing  capabilities      none\\x1b[2J",
      "         fix:              Do this.",
      "         fix:              Or that.",
    ]);
  });

  it("ends with the verdict", () => {
    const text = diagnosisText({ ok: false, findings: [good, bad], test: undefined });
    assert.match(text, /^ok {7}btf {15}there\nmissing /);
    assert.ok(text.endsWith("\nThe monitor does not work here.\n"));
    assert.ok(diagnosisText({ ok: true, findings: [good], test: undefined }).endsWith("\nThe monitor works here.\n"));
  });

  it("leaves it open where the test could not be made", () => {
    const test: Finding = { check: "test", status: "unknown", text: "node could not be started: EAGAIN", fixes: [] };
    const text = diagnosisText({ ok: false, findings: [good, test], test: undefined });
    assert.ok(text.endsWith("\nWhether the monitor works here is not known.\n"), text);
  });

  it("is one line of ASCII in JSON", () => {
    const strange = { ...bad, text: "\x1b\x9b\u202eä\ud83d\ude00\ud800\n" };
    const test = { attachMs: 1.5, eventMs: 2, detachMs: 3, gaps: ["something"] };
    const json = diagnosisJson({ ok: true, findings: [good, strange], test });
    assert.match(json, /^[ -~]+\n$/);
    assert.deepEqual(JSON.parse(json), {
      ok: true,
      checks: [good, strange],
      test: { attach_ms: 1.5, event_ms: 2, detach_ms: 3 },
    });
    const failed = JSON.parse(diagnosisJson({ ok: false, findings: [], test: undefined })) as object;
    assert.deepEqual(failed, { ok: false, checks: [] });
  });
});
