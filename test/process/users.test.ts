import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { describe, it } from "node:test";
import { userNames } from "../../src/process/users.ts";

/** Names from a table that counts how often it was asked, by a clock that is moved by hand. */
function makeUsers(table: Map<number, string>, lookUpMs = 0) {
  const clock = { nowMs: 0 };
  const asked: number[] = [];
  const users = userNames({
    lookUp: (uid) => {
      asked.push(uid);
      clock.nowMs += lookUpMs;
      return table.get(uid);
    },
    nowMs: () => clock.nowMs,
  });
  return { users, asked, clock, table };
}

describe("userNames", () => {
  it("knows the users of this machine", () => {
    const users = userNames();
    for (const line of execFileSync("getent", ["passwd"], { encoding: "utf8" }).trim().split("\n")) {
      const [name, , uid] = line.split(":");
      // Several users may share a number; the first has it.
      const first = execFileSync("getent", ["passwd", uid ?? ""], { encoding: "utf8" }).split(":")[0];
      assert.equal(users.name(Number(uid)), first, `user ${name ?? ""}`);
    }
  });

  it("knows no name where there is none", () => {
    assert.equal(userNames().name(4_294_967_294), undefined);
  });

  it("asks once for a user that it knows, and again after ten minutes", () => {
    const { users, asked, clock, table } = makeUsers(new Map([[1, "ann"]]));
    for (let time = 0; time < 600_000; time += 1000) {
      clock.nowMs = time;
      assert.equal(users.name(1), "ann");
    }
    assert.deepEqual(asked, [1]);
    clock.nowMs = 600_000;
    table.set(1, "bob");
    assert.equal(users.name(1), "bob");
  });

  it("asks at most every ten seconds for one that is not known", () => {
    const { users, asked, clock, table } = makeUsers(new Map());
    for (let time = 0; time < 30_000; time += 100) {
      clock.nowMs = time;
      assert.equal(users.name(7), undefined);
    }
    assert.equal(asked.length, 3);
    table.set(7, "new");
    clock.nowMs = 30_000;
    assert.equal(users.name(7), "new");
  });

  it("stands still for a hundredth of the time at most if answers take long", () => {
    const { users, asked, clock } = makeUsers(new Map(), 2000);
    for (let uid = 0; uid < 10_000; uid++) {
      users.name(uid);
      clock.nowMs += 100;
    }
    assert.ok(asked.length >= 4 && asked.length <= 6, `asked ${asked.length} times`);
  });

  it("believes an old answer rather than none while it does not ask", () => {
    const { users, asked, clock } = makeUsers(new Map([[1, "ann"]]), 30_000);
    users.name(1);
    clock.nowMs = 700_000;
    assert.equal(users.name(1), "ann");
    assert.deepEqual(asked, [1]);
  });

  it("remembers a bounded number of users", () => {
    const { users, asked } = makeUsers(new Map());
    for (let uid = 0; uid < 5000; uid++) users.name(uid);
    asked.length = 0;
    users.name(4999);
    assert.deepEqual(asked, []);
    users.name(0);
    assert.deepEqual(asked, [0]);
  });

  it("does not throw if the lookup does", () => {
    const users = userNames({
      lookUp: () => {
        throw new Error("no memory");
      },
      nowMs: () => 0,
    });
    assert.equal(users.name(1), undefined);
  });
});
