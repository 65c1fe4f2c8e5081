// Runs test files in a guest, one after another in this one process, since a process takes seconds to start there.
// usage: node --test-reporter=./report.js run-tests.js FILE...
import { describe } from "node:test";
import { pathToFileURL } from "node:url";
import { patience } from "../kernel/pace.ts";

for (const file of process.argv.slice(2)) {
  describe(file, { timeout: patience(180_000) }, async () => {
    await import(pathToFileURL(file).href);
  });
}
