/**
 * Opens and loads copies of a BPF object in which something has been changed at random, and prints a line for each:
 * its number, and what came of it. Usage: load-corrupted.ts OBJECT FIRST END
 */
import { readFileSync, writeSync } from "node:fs";
import { EbpfError } from "../../../src/errors.ts";
import { BpfObject } from "../../../src/libbpf/object.ts";
import { corrupted } from "./corruption.ts";

const [path = "", first = "0", end = "0"] = process.argv.slice(2);
const object = readFileSync(path);

for (let number = Number(first); number < Number(end); number++) {
  // At once, so that it is known of which one a crash is.
  writeSync(1, `${number} `);
  writeSync(1, `${outcomeOf(corrupted(object, number))}\n`);
}

function outcomeOf(bytes: Uint8Array): string {
  try {
    using copy = BpfObject.open(bytes, { name: "corrupted" });
    copy.load();
    return "loaded";
  } catch (error) {
    if (!(error instanceof EbpfError)) return `threw ${String(error)}`;
    return `${error.code} ${JSON.stringify(error.message)}`;
  }
}
