import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, describe, it } from "node:test";

const root = join(import.meta.dirname, "../..");

describe("scripts/check-stray.sh", () => {
  const fresh = mkdtempSync(join(tmpdir(), "ebpf-bootstrap-stray-"));
  after(() => {
    rmSync(fresh, { recursive: true });
  });
  const generated = ["src", "examples"].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => /_bpfe[lb]\.(?:ts|o)$/.test(name))
      .map((name) => join(folder, name)),
  );

  function check(): { status: number | null; stderr: string } {
    const { status, stderr } = spawnSync(join(root, "scripts/check-stray.sh"), [fresh], { encoding: "utf8" });
    return { status, stderr };
  }

  it("names a file that has not been generated, and only such", () => {
    assert.ok(generated.length >= 6, generated.join());
    for (const file of generated) {
      const { status, stderr } = check();
      assert.equal(status, 1);
      assert.match(
        stderr,
        /^(?:src|examples)\/\S+_bpfe[lb]\.(?:ts|o) comes from no BPF program any more: remove it\n$/,
      );
      mkdirSync(join(fresh, dirname(file)), { recursive: true });
      writeFileSync(join(fresh, file), "");
    }
    assert.deepEqual(check(), { status: 0, stderr: "" });
  });
});
