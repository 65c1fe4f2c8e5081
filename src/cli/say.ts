/** Writes a line to standard error, under the program's name. */
export function say(line: string): void {
  process.stderr.write(`ebpf-bootstrap: ${line}\n`);
}
