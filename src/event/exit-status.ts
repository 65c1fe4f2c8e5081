import type { ExitStatus } from "./event.ts";

/** Decodes a status of wait(2): the low seven bits are a signal, bit 7 tells of a core, the next eight are the code. */
export function decodeStatus(status: number): ExitStatus {
  const signal = status & 0x7f;
  if (signal === 0) return { kind: "exited", code: (status >> 8) & 0xff };
  return { kind: "signaled", signal, coreDumped: (status & 0x80) !== 0 };
}
