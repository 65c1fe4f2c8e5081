import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { CommanderError } from "commander";
import { guests } from "./matrix.ts";
import { parseOptions } from "./options.ts";

const chosen = (...argv: string[]) => parseOptions(argv).chosen.map(({ name }) => name);

describe("the options of the tests on other kernels", () => {
  it("choose all kernels, those of a name, those with it in their name, those of every submission", () => {
    assert.equal(chosen().length, guests.length);
    assert.deepEqual(chosen("amd64-6.1"), ["amd64-6.1"]);
    assert.deepEqual(chosen("6.12"), ["amd64-6.12", "arm64-6.12", "s390x-6.12"]);
    assert.deepEqual(chosen("--submission", "arm64"), ["arm64-6.12"]);
  });

  it("say what is wrong, and what is allowed", () => {
    const wrong: readonly (readonly [argv: readonly string[], message: RegExp])[] = [
      [["--nope"], /unknown option '--nope'/],
      [["--minutes", "x"], /'x' is invalid\. It must be a number above 0/],
      [["--minutes", "-1"], /'-1' is invalid/],
      [["amd64-6.1", "vax"], /'vax' is invalid .*There is amd64-5\.10, .*s390x/],
      [["--submission", "amd64-6.1"], /--submission leaves none/],
    ];
    for (const [argv, message] of wrong) {
      assert.throws(
        () => parseOptions(argv),
        (error) => error instanceof CommanderError && error.exitCode !== 0 && message.test(error.message),
      );
    }
  });
});
