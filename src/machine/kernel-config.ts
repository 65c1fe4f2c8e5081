import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { readText } from "./read.ts";

/**
 * How the running kernel was configured: asks for one option, `y`, `m`, `n` or its value. Undefined if the kernel's
 * configuration is not to be found. It explains what is missing; whether it is missing is found out by looking.
 */
export function kernelConfig(release: string): ((option: string) => string) | undefined {
  const text = readRunning() ?? readText(`/boot/config-${release}`) ?? readText(`/lib/modules/${release}/config`);
  if (text === undefined) return undefined;
  return (option) => new RegExp(`^${option}=(.*)$`, "m").exec(text)?.[1] ?? "n";
}

/** With CONFIG_IKCONFIG_PROC the kernel itself tells. */
function readRunning(): string | undefined {
  try {
    return gunzipSync(readFileSync("/proc/config.gz")).toString();
  } catch {
    return undefined;
  }
}
