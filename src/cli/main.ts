#!/usr/bin/env node
// The program is loaded by this and not by node itself, so that a package that is not there is told in plain words.
import { fileURLToPath } from "node:url";

try {
  await import("./program.ts");
} catch (error) {
  if (!(error instanceof Error && "code" in error && error.code === "ERR_MODULE_NOT_FOUND")) throw error;
  const folder = fileURLToPath(new URL("../../..", import.meta.url));
  const fix = `Run \`npm ci\` in ${folder}, or copy the node_modules folder there, too.`;
  process.stderr.write(`ebpf-bootstrap: ${error.message}\n${fix}\n`);
  process.exitCode = 1;
}
