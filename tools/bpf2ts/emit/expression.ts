/** An expression, as far as the printer has to know it to break it over lines. */
export type Expression = string | Call | Mapping;

/** A call, broken with one argument per line. */
export interface Call {
  readonly callee: string;
  readonly args: readonly Expression[];
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
  const mapping = "body" in expression ? [`(${expression.parameter}) => ${flat(expression.body)}`] : [];
  return `${callee}(${[...args.map(flat), ...mapping].join(", ")})`;
}

/**
 * Returns `head expression tail` behind an indentation, over several lines if one is too short, as prettier breaks it.
 */
export function printExpression(indent: string, head: string, expression: Expression, tail: string): string {
  const inner = `${indent}  `;
  const line = `${indent}${head}${flat(expression)}${tail}`;
  if (line.length <= lineWidth || (typeof expression === "string" && head === "")) return line;
  if (typeof expression === "string") return `${indent}${head.trimEnd()}\n${inner}${expression}${tail}`;
  const opening = `${head}${expression.callee}(`;
  if (head !== "" && indent.length + opening.length > lineWidth) {
    return `${indent}${head.trimEnd()}\n${printExpression(inner, "", expression, tail)}`;
  }
  const lines = expression.args.map((arg) => printExpression(inner, "", arg, ","));
  if ("body" in expression) {
    const arrow = `(${expression.parameter}) =>`;
    const hugged = `${indent}${opening}${[...expression.args.map(flat), arrow].join(", ")}`;
    if (hugged.length <= lineWidth) {
      return `${hugged}\n${printExpression(inner, "", expression.body, ",")}\n${indent})${tail}`;
    }
    lines.push(printArrow(inner, arrow, expression.body, ","));
  }
  return `${indent}${opening}\n${lines.join("\n")}\n${indent})${tail}`;
}

/** Returns `head expression tail` as the body of an arrow function, which prettier moves to the next line if it is long. */
export function printArrow(indent: string, head: string, body: Expression, tail: string): string {
  const line = `${indent}${head} ${flat(body)}${tail}`;
  return line.length <= lineWidth ? line : `${indent}${head}\n${printExpression(`${indent}  `, "", body, tail)}`;
}

/** The line width that prettier keeps to in the generated code. */
export const lineWidth = 120;
