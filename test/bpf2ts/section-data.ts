import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { findTool } from "../../tools/bpf2ts/find-tool.ts";

/** Returns the bytes with which the compiler filled a section: what a C program of that byte order finds in memory. */
export function sectionData(object: string, section: string): DataView {
  const file = `${object}${section}.bin`;
  execFileSync(objcopy, ["--dump-section", `${section}=${file}`, object, "/dev/null"]);
  const bytes = readFileSync(file);
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

const objcopy = findTool(
  {
    name: "llvm-objcopy",
    probe: ["--version"],
    elsewhere: [{ directory: "/usr/lib", entry: /^llvm-\d+$/, file: "bin/llvm-objcopy" }],
    hint: "Install the package llvm.",
  },
  undefined,
);
