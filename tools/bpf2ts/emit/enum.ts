import type { EnumType } from "../model.ts";
import { printExpression } from "./expression.ts";

/** Returns the declarations of an enum: its constants, and the type of their values. */
export function emitEnum({ name, cName, wide, constants }: EnumType): string[] {
  const lines = constants.map((constant) => `  ${constant.name}: ${constant.value}${wide ? "n" : ""},\n`);
  return [
    `/** The constants of ${cName}. */\nexport const ${name} = {\n${lines.join("")}} as const;`,
    `/** A value of ${cName} that has a name. */\n` +
      printExpression("", `export type ${name} = `, `(typeof ${name})[keyof typeof ${name}]`, ";"),
  ];
}
