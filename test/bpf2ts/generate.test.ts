import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { generate } from "../../tools/bpf2ts/generate.ts";
import type { TargetName } from "../../tools/bpf2ts/target.ts";
import { bothTargets, temporaryDirectory } from "./workshop.ts";

describe("generate", () => {
  const directory = temporaryDirectory();
  const path = join(directory, "level.bpf.c");
  writeFileSync(
    path,
    "int level = LEVEL;\n#if defined(LITTLE_ONLY) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__\n#error no\n#endif\n",
  );
  const files = ["level_bpfeb.o", "level_bpfeb.ts", "level_bpfel.o", "level_bpfel.ts"];

  /** Compiles the source with a value of its variable, which the objects hold and the modules do not. */
  function run(out: string, level: number, targets: readonly TargetName[], ...cflags: string[]): void {
    const source = { path, cflags: [`-DLEVEL=${level}`, ...cflags] };
    generate({ name: "level", source, targets, types: [], out, tools: {} });
  }

  it("replaces only the files that change", () => {
    const out = join(directory, "new", "out");
    run(out, 1, bothTargets);
    assert.deepEqual(readdirSync(out).sort(), files);
    for (const file of files) utimesSync(join(out, file), 1, 1);
    run(out, 2, bothTargets);
    const changed = files.filter((file) => statSync(join(out, file)).mtimeMs !== 1000);
    assert.deepEqual(changed, ["level_bpfeb.o", "level_bpfel.o"]);
    assert.deepEqual(readdirSync(out).sort(), files);
  });

  it("writes for one target if told so", () => {
    const out = join(directory, "one");
    run(out, 1, ["bpfeb"]);
    assert.deepEqual(readdirSync(out).sort(), files.slice(0, 2));
  });

  it("replaces nothing if the second target fails", () => {
    const out = join(directory, "half");
    run(out, 1, bothTargets);
    const before = files.map((file) => readFileSync(join(out, file), "hex"));
    assert.throws(() => {
      run(out, 2, bothTargets, "-DLITTLE_ONLY");
    }, /^GeneratorError: compile .*level\.bpf\.c for bpfeb: /);
    assert.deepEqual(readdirSync(out).sort(), files);
    assert.deepEqual(
      files.map((file) => readFileSync(join(out, file), "hex")),
      before,
    );
  });
});
