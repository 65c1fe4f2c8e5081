import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";

const root = join(import.meta.dirname, "../..");

describe("npm pack", () => {
  it("builds first: the package of a project that has not been built has all that it needs", () => {
    // On the file system of node_modules, whose files are linked, not copied.
    mkdirSync(join(root, "build"), { recursive: true });
    const copy = mkdtempSync(join(root, "build/unbuilt-"));
    try {
      const sources = readdirSync(root).filter((name) => ![".git", "build", "dist", "node_modules"].includes(name));
      execFileSync("cp", ["-a", ...sources.map((name) => join(root, name)), copy]);
      execFileSync("cp", ["-al", join(root, "node_modules"), copy]);
      const env = { ...process.env, npm_config_json: "true" };
      const printed = execFileSync("npm", ["pack"], {
        cwd: copy,
        env,
        encoding: "utf8",
        stdio: ["ignore", "pipe", "pipe"],
      });
      const [{ files }] = JSON.parse(printed) as [{ files: { path: string }[] }];
      const paths = files.map(({ path }) => path);
      for (const needed of [
        ...["dist/src/cli/main.js", "dist/src/index.js", "dist/src/index.d.ts", "dist/tools/bpf2ts/main.js"],
        ...["dist/src/probe/probe_bpfel.o", "dist/src/probe/probe_bpfeb.o", "LICENSE", "docs/output.md"],
      ]) {
        assert.ok(paths.includes(needed), `${needed} is missing`);
      }
      assert.deepEqual(
        paths.filter((path) => /^(?:src|test|node_modules|build)\//.test(path)),
        [],
      );
    } finally {
      rmSync(copy, { recursive: true, force: true });
    }
  });
});
