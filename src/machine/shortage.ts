import { constants } from "node:os";
import type { EbpfError } from "../errors.ts";

/** Error numbers that say that a machine has no more of something, and the checks that are of it. */
const shortages = new Map<number | undefined, "open_files" | "memory">([
  [constants.errno.EMFILE, "open_files"],
  [constants.errno.ENFILE, "open_files"],
  [constants.errno.ENOMEM, "memory"],
]);

/** Of what there was too little for a call to succeed, by the name of its check; undefined if it failed otherwise. */
export function shortageOf({ errno }: Pick<EbpfError, "errno">): "open_files" | "memory" | undefined {
  return shortages.get(errno);
}
