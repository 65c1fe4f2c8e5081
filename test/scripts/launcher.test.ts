import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";

const root = join(import.meta.dirname, "../..");
const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
const launcher = join(root, "ebpf-bootstrap");

describe("how to put the program into PATH", () => {
  for (const file of ["README.md", "docs/deploy.md"]) {
    it(`works as ${file} says`, () => {
      const line = /^ {4}sudo (ln .* \/usr\/local\/bin\/)/m.exec(readFileSync(join(root, file), "utf8"))?.[1];
      const bin = mkdtempSync(join(tmpdir(), "ebpf-bootstrap-path-"));
      try {
        const command = line?.replace("/opt/ebpf-bootstrap", root).replace("/usr/local/bin/", bin) ?? "false";
        execFileSync("/bin/sh", ["-c", command], { cwd: root });
        const env = { PATH: `${bin}:/usr/bin:/bin` };
        const { status, stdout } = spawnSync("ebpf-bootstrap", ["-V"], { cwd: "/", env, encoding: "utf8" });
        assert.deepEqual([status, stdout], [0, `${version}\n`], line);
      } finally {
        rmSync(bin, { recursive: true });
      }
    });
  }
});

describe("the launcher that scripts/launcher.sh writes", () => {
  const directory = mkdtempSync(join(tmpdir(), "ebpf-bootstrap-launcher-"));
  after(() => {
    rmSync(directory, { recursive: true });
  });
  const link = join(directory, "link");
  symlinkSync(launcher, link);
  symlinkSync("link", join(directory, "link to a link"));

  it("fails where standard output is closed, and only there", () => {
    const shell = (script: string) => spawnSync("/bin/sh", ["-c", script, "sh", launcher], { encoding: "utf8" });
    const { status, stderr } = shell('"$1" -V >&-');
    assert.deepEqual([status, stderr], [1, "ebpf-bootstrap: write to standard output: it is closed\n"]);
    for (const script of ['"$1" -V <&- 2>&-', '"$1" -V >/dev/null', '"$1" -V 1<>/dev/null']) {
      assert.deepEqual([shell(script).status, shell(script).stderr], [0, ""], script);
    }
  });

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
      assert.deepEqual({ status, stdout, stderr }, { status: 0, stdout: `${version}\n`, stderr: "" });
    });
  }
});
