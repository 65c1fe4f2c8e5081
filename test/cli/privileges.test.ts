import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { lesserIdentity } from "../../src/cli/privileges.ts";
import { accountOfName } from "../../src/libc/accounts.ts";

const nobody = accountOfName("nobody") ?? { uid: 65_534, gid: 65_534 };

describe("lesserIdentity", () => {
  it("is the user who was named", () => {
    const daemon = lesserIdentity("daemon", { SUDO_UID: "1000", SUDO_GID: "1000" });
    assert.deepEqual([daemon.uid, daemon.gid], [1, 1]);
  });

  it("is the user who called sudo", () => {
    assert.deepEqual(lesserIdentity(undefined, { SUDO_UID: "1000", SUDO_GID: "100" }), { uid: 1000, gid: 100 });
  });

  const environments: NodeJS.ProcessEnv[] = [{}, { SUDO_UID: "0", SUDO_GID: "0" }, { SUDO_UID: "x", SUDO_GID: "5" }];
  for (const environment of environments) {
    it(`is nobody with ${JSON.stringify(environment)}`, () => {
      const { uid, gid } = lesserIdentity(undefined, environment);
      assert.deepEqual([uid, gid], [nobody.uid, nobody.gid]);
    });
  }

  it("names a user that is not there", () => {
    assert.throws(() => lesserIdentity("no-such-user", {}), { code: "WRONG_USAGE", message: /'no-such-user'/ });
  });
});
