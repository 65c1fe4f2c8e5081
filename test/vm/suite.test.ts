import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { it } from "node:test";
import { essential, mostImportant } from "./suite.ts";

it("the tests that a guest runs with --short are there", () => {
  const sources = essential.map((file) => readFileSync(new URL(`../kernel/${file}.test.ts`, import.meta.url), "utf8"));
  for (const name of mostImportant) assert.equal(sources.join("\n").split(name).length, 2, name);
});
