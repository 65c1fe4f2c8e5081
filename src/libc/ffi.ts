import { EbpfError } from "../errors.ts";

/** The CPUs, as Node.js names them, for which koffi has a binary for Linux. */
const koffiCpus = new Set(["x64", "arm64", "riscv64", "loong64", "ppc64", "ia32", "arm"]);

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
    throw new EbpfError("UNSUPPORTED_CPU", "load koffi, the foreign function interface", {
      operation: "load koffi",
      finding: { check: "cpu", status: "missing", ...explain(process.arch) },
      cause,
    });
  }
}

function explain(cpu: string): { readonly text: string; readonly fixes: readonly string[] } {
  if (!koffiCpus.has(cpu)) {
    return {
      text: `it has no binary for linux on ${cpu}, and without one libbpf cannot be called`,
      fixes: ["Run it on a machine with an amd64 or arm64 CPU."],
    };
  }
  return {
    text: `its binary for linux on ${cpu} is not installed, or cannot be loaded`,
    fixes: ["Run `npm ci` on this machine, without --omit=optional: npm left out an optional package."],
  };
}

/** koffi, loaded when this module is. */
export const koffi = await loadKoffi();
