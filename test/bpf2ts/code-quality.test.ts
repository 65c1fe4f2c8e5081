import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, describe, it } from "node:test";
import { ESLint } from "eslint";
import { check, resolveConfig } from "prettier";
import { bothTargets, generateFrom, moduleText, temporaryDirectory } from "./workshop.ts";
import { zooSource } from "./zoo.ts";

const project = join(import.meta.dirname, "../..");

/** Names so long that lines with them must be broken. */
const long = "a_name_that_is_so_long_that_hardly_a_line_with_it_fits_the_width";
const longSource = `
enum ${long}_kind { ${long}_one = 1 };
struct ${long}_inner { int ${long}_a; };
struct ${long} { int ${long}_list[2]; int ${long}_matrix[2][2]; unsigned char ${long}_octets[4]; char ${long}_text[4];
  _Bool ${long}_flag; struct ${long}_inner ${long}_nested; enum ${long}_kind ${long}_enum; long long ${long}_wide; };
struct ${long} ${long}_variable; int ${long}_cube[2][2][2]; long ${long}_number;
struct ${long}_bits { unsigned ${long}_a : 3; int ${long}_b : 5; _Bool ${long}_c : 1; unsigned long long ${long}_d : 40;
  unsigned long long ${long}_e : 12; } ${long}_bits;
struct __attribute__((packed)) ${long}_odd { unsigned char a : 7; unsigned ${long}_b : 32; } ${long}_odd;
struct { int (*type)[1]; int (*max_entries)[1000000]; } ${long}_map __attribute__((section(".maps")));
__attribute__((section("uprobe/${long}:${long}"))) int ${long}_program(void *ctx) { return 0; }
`;

/** A program in the manner of a user's loader: it compiles only if the types say what they should. */
const userSource = `
import { endianness } from "node:os";
import * as big from "./zoo_bpfeb.ts";
import * as little from "./zoo_bpfel.ts";

const module: typeof little = endianness() === "LE" ? little : big;
const same: typeof big = module;

function set<Value>(variable: little.Variable<Value>, value: Value): DataView {
  const view = new DataView(new ArrayBuffer(variable.offset + variable.size));
  variable.encode(view, variable.offset, value);
  return view;
}

function setByName<Name extends keyof little.Variables>(name: Name, value: little.Variables[Name]): DataView {
  return set(module.variables[name], value);
}

const view = set(module.variables.u64, 5n);
setByName("yes", true);
// @ts-expect-error A 64-bit variable takes no number.
set(module.variables.u64, 5);
// @ts-expect-error A boolean variable takes no number.
setByName("yes", 1);
// @ts-expect-error There is no such variable.
setByName("nothing", 1);
const shape: little.Shape = same.decodeShape(view, module.shapeOffsets.kind);
const green: 5 = module.Color.GREEN;
export const text: string = shape.name + String(green);
`;

describe("generated code", () => {
  const directory = temporaryDirectory();
  const names = ["zoo", "long", "empty"].flatMap((name) => bothTargets.map((target) => [name, target] as const));
  before(() => {
    generateFrom(directory, "zoo", zooSource);
    generateFrom(directory, "long", longSource);
    generateFrom(directory, "empty", "int nothing(void) { return 0; }");
    writeFileSync(join(directory, "user.ts"), userSource);
    writeFileSync(
      join(directory, "tsconfig.json"),
      JSON.stringify({
        extends: join(project, "tsconfig.json"),
        compilerOptions: { typeRoots: [join(project, "node_modules/@types")] },
        include: ["*.ts"],
      }),
    );
  });

  it("compiles under the project's settings, and a user of it is fully typed", () => {
    const tsc = join(project, "node_modules/typescript/bin/tsc");
    const { stdout, status } = spawnSync(process.execPath, [tsc, "--project", directory], { encoding: "utf8" });
    assert.equal(stdout, "");
    assert.equal(status, 0);
  });

  it("passes the project's linter", async () => {
    const linted = ["zoo_bpfel.ts", "long_bpfeb.ts", "empty_bpfel.ts"];
    const eslint = new ESLint({
      cwd: directory,
      overrideConfigFile: join(project, "eslint.config.js"),
      overrideConfig: {
        languageOptions: {
          parserOptions: {
            projectService: false,
            project: join(directory, "tsconfig.json"),
            tsconfigRootDir: directory,
          },
        },
      },
    });
    const results = await eslint.lintFiles(linted);
    const messages = results.flatMap(({ filePath, messages: found }) =>
      found.map(({ line, ruleId, message }) => `${filePath}:${line} ${ruleId ?? ""} ${message}`),
    );
    assert.equal(results.length, linted.length);
    assert.deepEqual(messages, []);
  });

  it("is as prettier would print it", async () => {
    const options = await resolveConfig(join(project, "package.json"));
    for (const [name, target] of names) {
      const text = moduleText(directory, name, target);
      assert.ok(await check(text, { ...options, parser: "typescript" }), `${name}_${target}.ts\n${text}`);
    }
  });

  it("says what it is in its first lines", () => {
    assert.match(
      moduleText(directory, "zoo", "bpfeb"),
      /^\/\/ Code generated by bpf2ts from zoo\.bpf\.c; DO NOT EDIT\.\n\/\/ Big-endian: s390x/,
    );
  });

  it("is the same on every run, wherever that takes place", () => {
    const elsewhere = temporaryDirectory();
    generateFrom(elsewhere, "zoo", zooSource);
    for (const target of bothTargets) {
      const [first, second] = [directory, elsewhere].map((each) =>
        readFileSync(join(each, `zoo_${target}.ts`), "utf8"),
      );
      assert.equal(second, first);
      assert.doesNotMatch(first ?? "", /\/tmp|clang|14\.0/);
    }
  });
});
