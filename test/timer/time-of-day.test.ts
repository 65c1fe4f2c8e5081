import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { describe, it } from "node:test";

const source = new URL("../../src/timer/time-of-day.ts", import.meta.url);

/** What one formatter, in a process whose time zone is `zone`, makes of these moments, in this order. */
function format(zone: string, moments: readonly string[]): unknown {
  const program = `
    import { timeOfDayFormatter } from ${JSON.stringify(source.href)};
    const format = timeOfDayFormatter();
    const moments = ${JSON.stringify(moments)};
    console.log(JSON.stringify(moments.map((moment) => format(BigInt(Date.parse(moment)) * 1000000n + 999999n))));`;
  const output = execFileSync(process.execPath, ["--import", "tsx", "--input-type=module", "--eval", program], {
    env: { ...process.env, TZ: zone },
    encoding: "utf8",
  });
  return JSON.parse(output);
}

describe("timeOfDayFormatter", { concurrency: true }, () => {
  const zones: readonly (readonly [string, string, Readonly<Record<string, string>>])[] = [
    [
      "keeps midnight, the last second of a day and the fraction of a second apart",
      "UTC",
      {
        "1970-01-01T00:00:00Z": "00:00:00",
        "2026-01-02T03:04:05Z": "03:04:05",
        "2026-01-02T03:04:05.999Z": "03:04:05",
        "2026-01-02T03:04:06Z": "03:04:06",
        "2026-12-31T23:59:59.999Z": "23:59:59",
        "2027-01-01T00:00:00Z": "00:00:00",
        "2100-02-28T12:00:00Z": "12:00:00",
      },
    ],
    [
      "follows daylight saving time, into it and out of it",
      "Europe/Berlin",
      {
        "2026-03-29T00:59:59Z": "01:59:59",
        "2026-03-29T01:00:00Z": "03:00:00",
        "2026-10-25T00:59:59Z": "02:59:59",
        "2026-10-25T01:00:00Z": "02:00:00",
      },
    ],
    ["knows zones that are not whole hours away", "Asia/Kathmandu", { "2026-06-01T20:00:00Z": "01:45:00" }],
    [
      "does not mind time going backwards",
      "America/New_York",
      { "2026-06-01T12:00:01Z": "08:00:01", "2026-06-01T12:00:00Z": "08:00:00", "2026-06-01T11:59:59Z": "07:59:59" },
    ],
  ];
  for (const [name, zone, expected] of zones) {
    it(`${name} (${zone})`, () => {
      assert.deepEqual(format(zone, Object.keys(expected)), Object.values(expected));
    });
  }
});
