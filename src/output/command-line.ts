import { printable } from "./printable.ts";

/** Arguments that need no quotes. */
const plain = /^[\p{L}\p{M}\p{N}_@%+=:,./-]+$/u;

/** The escapes of `printable` whose form is not the shell's own, and, to pass over it, the escaped backslash. */
const foreignEscape = /\\(?:\\|u\{([0-9a-f]+)\})/g;

/**
 * Arguments as one line that is safe for a terminal, and that bash reads back as the same arguments: `sh -c 'echo $x' ''`,
 * `$'a\nb\xff'`. If they are only the beginning, `\...` stands at the end, which no argument can be shown as.
 */
export function commandLine(argv: readonly string[], isCut: boolean): string {
  return `${argv.map(quote).join(" ")}${isCut ? "\\..." : ""}`;
}

function quote(argument: string): string {
  const escaped = printable(argument);
  if (escaped !== argument) return `$'${escaped.replace(foreignEscape, shellEscape).replaceAll("'", "\\'")}'`;
  return plain.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`;
}

function shellEscape(text: string, digits: string | undefined): string {
  if (digits === undefined) return text;
  return digits.length > 4 ? `\\U${digits.padStart(8, "0")}` : `\\u${digits.padStart(4, "0")}`;
}
