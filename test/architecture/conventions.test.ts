import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { basename } from "node:path";
import { describe, it } from "node:test";
import ts from "typescript";
import { isGenerated, nodesOf, placeOf, readSources, type Source } from "./sources.ts";

const sources = [...readSources("src"), ...readSources("tools")].filter((source) => !isGenerated(source));

/** Finds the nodes that break a rule. */
type Search = (source: Source) => readonly ts.Node[];

function nodesWhere(breaks: (node: ts.Node) => boolean): Search {
  return (source) => [...nodesOf(source)].filter(breaks);
}

function isExported(node: ts.Statement): boolean {
  return (ts.getCombinedModifierFlags(node as unknown as ts.Declaration) & ts.ModifierFlags.Export) !== 0;
}

function isDefaultExport(node: ts.Node): boolean {
  if (ts.isExportSpecifier(node)) return node.name.text === "default";
  return ts.isExportAssignment(node) || node.kind === ts.SyntaxKind.DefaultKeyword;
}

function isNonNullAssertion(node: ts.Node): boolean {
  if (ts.isNonNullExpression(node)) return true;
  return (ts.isPropertyDeclaration(node) || ts.isVariableDeclaration(node)) && node.exclamationToken !== undefined;
}

function isModuleVariable(statement: ts.Statement): boolean {
  return ts.isVariableStatement(statement) && (statement.declarationList.flags & ts.NodeFlags.Const) === 0;
}

function lacksDocComment(statement: ts.Statement): boolean {
  if (!isExported(statement) || ts.isExportDeclaration(statement)) return false;
  const text = statement.getSourceFile().text;
  const comments = ts.getLeadingCommentRanges(text, statement.getFullStart()) ?? [];
  return !comments.some(({ pos }) => text.startsWith("/**", pos));
}

const rules: readonly (readonly [rule: string, search: Search])[] = [
  ["no default exports: a thing has one name everywhere", nodesWhere(isDefaultExport)],
  ["no enum: it is not erasable syntax", nodesWhere(ts.isEnumDeclaration)],
  ["no any", nodesWhere(({ kind }) => kind === ts.SyntaxKind.AnyKeyword)],
  ["no `!`: it silences what the compiler knows", nodesWhere(isNonNullAssertion)],
  ["no mutable module state", (source) => source.statements.filter(isModuleVariable)],
  ["every export has a doc comment", (source) => source.statements.filter(lacksDocComment)],
];

describe("the conventions", () => {
  for (const [rule, search] of rules) {
    it(rule, () => {
      const places = sources.flatMap((source) => search(source).map((node) => `${placeOf(node)}: ${firstLine(node)}`));
      assert.ok(places.length === 0, `${rule}\n  ${places.join("\n  ")}`);
    });
  }

  it("docs/architecture.md names every file of the kernel side", () => {
    const text = readFileSync("docs/architecture.md", "utf8");
    const unnamed = readdirSync("bpf").filter(
      (file) => !new RegExp(`[ ,]${file.replaceAll(".", "\\.")}[ ,]`).test(text),
    );
    assert.deepEqual(unnamed, []);
  });

  it("no utils, helpers or common: a file's name says what is in it, in kebab-case", () => {
    const vague = /^(utils?|helpers?|common|misc|shared)$/;
    const names = sources.map(({ fileName }) => fileName);
    const problems = names.filter((name) => {
      const parts = name.replace(/\.ts$/, "").split("/");
      return parts.some((part) => vague.test(part)) || !/^[a-z0-9]+(-[a-z0-9]+)*\.ts$/.test(basename(name));
    });
    assert.deepEqual(problems, []);
  });

  it("no index.ts but the package's own", () => {
    const indexes = sources.map(({ fileName }) => fileName).filter((name) => basename(name) === "index.ts");
    assert.deepEqual(indexes, ["src/index.ts"]);
  });
});

function firstLine(node: ts.Node): string {
  return node.getText().split("\n")[0] ?? "";
}
