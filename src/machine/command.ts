import { existsSync } from "node:fs";
import { join } from "node:path";

/** How this program was started, in words of a shell. */
export interface Command {
  /** The whole command, without its arguments: `/home/ann/ebpf-bootstrap/ebpf-bootstrap`. */
  readonly line: string;
  /** Node.js. */
  readonly node: string;
  /** What Node.js runs. */
  readonly script: string;
}

/**
 * How to start this program once more: by the launcher, which stands beside what was built, also in an installed copy;
 * without one, and for a program that uses the library, by Node.js as it was called.
 */
export function findCommand(node = process.execPath, script = process.argv[1] ?? ""): Command {
  const launcher = join(script, "../../../../ebpf-bootstrap");
  const isOwn = script.endsWith("/dist/src/cli/main.js") && existsSync(launcher);
  const words = { node: quoted(node), script: quoted(script) };
  return { ...words, line: isOwn ? quoted(launcher) : `${words.node} ${words.script}` };
}

/** Without a backslash, which would not be printed as it is. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'"'"'`)}'`;
}
