import { readFileSync, readdirSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** A TypeScript file of this package, parsed. Its `fileName` is its path from the package's root. */
export type Source = ts.SourceFile;

/** An import statement, `export … from`, `import(…)` or `import("…")` type. */
export interface Import {
  readonly from: Source;
  /** The file's path from the package's root, if a relative import; else the package, or undefined if computed. */
  readonly to: string | undefined;
  readonly isRelative: boolean;
  /** `src/a/b.ts:12` */
  readonly place: string;
}

/** Parses every TypeScript file below a folder of the package, in the order of their names. */
export function readSources(folder: string): Source[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => join(folder, file))
    .sort()
    .map((file) => ts.createSourceFile(file, readFileSync(join(root, file), "utf8"), ts.ScriptTarget.ES2023, true));
}

/** Whether a file was written by bpf2ts, not by a person. */
export function isGenerated(source: Source): boolean {
  return /^src\/probe\/probe(_untyped)?_bpf\w+\.ts$/.test(source.fileName);
}

/** All nodes of a file, outer ones first. */
export function* nodesOf(node: ts.Node): Generator<ts.Node> {
  yield node;
  const children: ts.Node[] = [];
  ts.forEachChild(node, (child) => {
    children.push(child);
  });
  for (const child of children) yield* nodesOf(child);
}

/** Where a node begins: `src/a/b.ts:12`. */
export function placeOf(node: ts.Node): string {
  const source = node.getSourceFile();
  return `${source.fileName}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
}

/** All imports of a file, of types too. */
export function importsOf(source: Source): Import[] {
  return [...nodesOf(source)].flatMap((node) => {
    const specifier = specifierOf(node);
    if (specifier === false) return [];
    const text = specifier !== undefined && ts.isStringLiteralLike(specifier) ? specifier.text : undefined;
    const isRelative = text?.startsWith(".") ?? false;
    const to = isRelative && text !== undefined ? normalize(join(dirname(source.fileName), text)) : text;
    return [{ from: source, to, isRelative, place: placeOf(node) }];
  });
}

/** What a node imports from; false if it is no import. */
function specifierOf(node: ts.Node): ts.Node | undefined | false {
  if (ts.isImportDeclaration(node)) return node.moduleSpecifier;
  if (ts.isExportDeclaration(node)) return node.moduleSpecifier ?? false;
  if (ts.isImportTypeNode(node)) return ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined;
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) return node.arguments[0];
  return false;
}
