import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import ts from "typescript";
import { importsOf, placeOf, readSources, type Import, type Source } from "./sources.ts";

/** The parts of src in the order of the data's way; each may import from those before it, and from itself. */
const order = [
  ...["errors.ts", "libc", "timer", "event", "libbpf", "machine", "probe"],
  ...["process", "filter", "output", "monitor", "doctor", "cli"],
];

const src = readSources("src");
const tools = readSources("tools");

/** The part of src a file belongs to: `errors.ts` for src/errors.ts, `event` for src/event/event.ts. */
function partOf(file: string): string {
  return file.split("/")[1] ?? "";
}

function fail(problems: readonly string[], rule: string): void {
  assert.ok(problems.length === 0, `${rule}:\n  ${problems.join("\n  ")}`);
}

function describeImport({ place, to }: Import): string {
  return `${place} imports ${to ?? "a module whose name is computed"}`;
}

/** The circles among the imports, each as a path that ends where it began. */
function findCircles(sources: readonly Source[]): string[] {
  const imports = new Map(sources.map((source) => [source.fileName, importsOf(source).map(({ to }) => to)]));
  const done = new Set<string>();
  const follow = (file: string, path: readonly string[]): string[] => {
    const begin = path.indexOf(file);
    if (begin >= 0) return [[...path.slice(begin), file].join(" → ")];
    if (done.has(file)) return [];
    const circles = (imports.get(file) ?? []).flatMap((to) => (to === undefined ? [] : follow(to, [...path, file])));
    done.add(file);
    return circles;
  };
  return [...imports.keys()].flatMap((file) => follow(file, []));
}

describe("the import rule", () => {
  it("finds sources to check", () => {
    assert.ok(src.length > 30 && tools.length > 10);
    assert.ok(src.flatMap(importsOf).length > 60);
  });

  it("knows every part of src", () => {
    const unknown = src
      .map(({ fileName }) => fileName)
      .filter((file) => ![...order, "index.ts"].includes(partOf(file)));
    fail(unknown, `src has the parts ${order.join(", ")} and index.ts`);
  });

  it("holds: a part imports only from those before it", () => {
    const problems = src
      .filter(({ fileName }) => fileName !== "src/index.ts")
      .flatMap(importsOf)
      .filter(({ from, to, isRelative }) => {
        if (!isRelative || to === undefined) return false;
        const [left, right] = [partOf(from.fileName), partOf(to)];
        return !to.startsWith("src/") || !order.includes(right) || order.indexOf(right) > order.indexOf(left);
      });
    fail(problems.map(describeImport), `${order.join(" → ")}: imports point to the left`);
  });

  it("holds for bpf2ts, which stands alone", () => {
    const problems = tools
      .flatMap(importsOf)
      .filter(({ to, isRelative }) => isRelative && to?.startsWith("tools/bpf2ts/") !== true);
    fail(problems.map(describeImport), "tools/bpf2ts imports nothing from outside of it");
  });

  it("forbids circles", () => {
    fail(findCircles([...src, ...tools]), "no file imports itself in a circle");
  });

  it("lets in no package but the declared dependencies", () => {
    const manifest: unknown = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
    const { dependencies } = manifest as { dependencies: Record<string, string> };
    const problems = [...src, ...tools]
      .flatMap(importsOf)
      .filter(
        ({ to, isRelative }) => !isRelative && (to === undefined || !(to.startsWith("node:") || to in dependencies)),
      );
    fail(problems.map(describeImport), "what is imported is in package.json's dependencies, or node:");
  });

  it("leaves index.ts to re-export, and to nothing else", () => {
    const index = src.find(({ fileName }) => fileName === "src/index.ts");
    assert.ok(index, "src/index.ts is the public API");
    const problems = index.statements
      .filter((statement) => !(ts.isExportDeclaration(statement) && statement.moduleSpecifier !== undefined))
      .map(placeOf);
    fail(problems, "src/index.ts has only `export … from`");
  });
});
