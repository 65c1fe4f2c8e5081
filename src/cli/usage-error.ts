import { printable } from "../output/printable.ts";

/** Writes commander's message as this program's own. It repeats what the caller wrote, which may hold anything. */
export function printUsageError(message: string, write: (text: string) => void): void {
  write(`ebpf-bootstrap: ${printable(message.replace(/^error: |\n$/g, ""))}\n`);
}
