import { EbpfError } from "../errors.ts";

/**
 * The foreign function interface. Its native half comes as one package per CPU, so the first import is where an
 * unsupported CPU shows.
 *
 * @throws {EbpfError} `UNSUPPORTED_CPU`
 */
async function loadKoffi(): Promise<typeof import("koffi")> {
  try {
    return (await import("koffi")).default as unknown as typeof import("koffi");
  } catch (cause) {
    throw new EbpfError("UNSUPPORTED_CPU", `load the foreign function interface: no native module for ${cpu()}`, {
      operation: "load koffi",
      hint:
        "Supported are amd64 and arm64. On one of these the installation is incomplete: " +
        "run `npm ci` on this machine, without --omit=optional.",
      cause,
    });
  }
}

function cpu(): string {
  return `${process.platform} on ${process.arch}`;
}

/** koffi, loaded when this module is. */
export const koffi = await loadKoffi();
