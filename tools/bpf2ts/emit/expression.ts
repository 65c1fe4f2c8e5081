/** An expression, as far as the printer has to know it to break it over lines. */
export type Expression = string | Call | Mapping;

/** A call, broken with one argument per line. */
export interface Call {
  readonly callee: string;
  readonly args: readonly string[];
}

/** A call whose last argument is an arrow function, broken behind the arrow. */
export interface Mapping extends Call {
  readonly parameter: string;
  readonly body: Expression;
}

/** Returns an expression on one line. */
export function flat(expression: Expression): string {
  if (typeof expression === "string") return expression;
  const { callee, args } = expression;
  if (!("body" in expression)) return `${callee}(${args.join(", ")})`;
  return `${callee}(${[...args, `(${expression.parameter}) => ${flat(expression.body)}`].join(", ")})`;
}

/**
 * Returns `head expression tail` behind an indentation, over several lines if one is too short, as prettier breaks it:
 * behind the head if the expression cannot be broken within itself.
 */
export function printExpression(indent: string, head: string, expression: Expression, tail: string): string {
  const inner = `${indent}  `;
  const line = `${indent}${head}${flat(expression)}${tail}`;
  if (line.length <= lineWidth) return line;
  if (typeof expression === "string") return `${indent}${head.trimEnd()}\n${inner}${expression}${tail}`;
  const { callee, args } = expression;
  if (!("body" in expression)) {
    return `${indent}${head}${callee}(\n${args.map((arg) => `${inner}${arg},\n`).join("")}${indent})${tail}`;
  }
  const opening = `${indent}${head}${[`${callee}(${args.join(", ")}`, `(${expression.parameter}) =>`].join(", ")}`;
  return `${opening}\n${printExpression(inner, "", expression.body, "")},\n${indent})${tail}`;
}

/** Returns `head expression tail` as the body of an arrow function, which prettier moves to the next line if it is long. */
export function printArrow(indent: string, head: string, body: Expression, tail: string): string {
  const line = `${indent}${head} ${flat(body)}${tail}`;
  return line.length <= lineWidth ? line : `${indent}${head}\n${printExpression(`${indent}  `, "", body, tail)}`;
}

/** The line width that prettier keeps to in the generated code. */
export const lineWidth = 120;
