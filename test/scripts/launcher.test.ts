import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";

const root = join(import.meta.dirname, "../..");
const launcher = join(root, "ebpf-bootstrap");

describe("the launcher that scripts/launcher.sh writes", () => {
  const directory = mkdtempSync(join(tmpdir(), "ebpf-bootstrap-launcher-"));
  after(() => {
    rmSync(directory, { recursive: true });
  });
  const link = join(directory, "link");
  symlinkSync(launcher, link);
  symlinkSync("link", join(directory, "link to a link"));
  const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };

  for (const [how, command, args, cwd] of [
    ["by its path", launcher, ["-V"], directory],
    ["by its path from here", "./ebpf-bootstrap", ["-V"], root],
    ["by a symbolic link", link, ["-V"], root],
    ["by a link to a link", "./link to a link", ["-V"], directory],
    ["by a shell", "/bin/sh", ["ebpf-bootstrap", "-V"], root],
    ["by a shell, and a link", "/bin/sh", ["link", "-V"], directory],
  ] as const) {
    it(`starts the program when called ${how}, with nothing in PATH`, () => {
      const { status, stdout, stderr } = spawnSync(command, args, {
        cwd,
        env: { PATH: "/nonexistent" },
        encoding: "utf8",
      });
      assert.deepEqual({ status, stdout, stderr }, { status: 0, stdout: `${manifest.version}\n`, stderr: "" });
    });
  }
});
