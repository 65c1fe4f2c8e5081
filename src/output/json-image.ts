import type { Image } from "../event/event.ts";
import { redactEnv } from "../process/redact-env.ts";
import { textField, textListField } from "./json-text.ts";

/** What becomes of environments: `off` if none was asked for; `redacted` hides the values of what looks like a secret. */
export type EnvMode = "off" | "redacted" | "raw";

/** A text that every program has: missing if it could not be had. */
export function knownText(name: string, text: string | undefined, missing: string[]): string {
  if (text !== undefined) return textField(name, text);
  missing.push(name);
  return "";
}

/** A number that every program has: missing if it could not be had. */
export function knownNumber(name: string, value: number | bigint | undefined, missing: string[]): string {
  if (value !== undefined) return `,"${name}":${value}`;
  missing.push(name);
  return "";
}

/** A flag, there only if it is set. */
export function flag(name: string, set: boolean): string {
  return set ? `,"${name}":true` : "";
}

/** The program that began to run, or runs: from `exe` to `deleted`. */
export function imageFields(image: Image | undefined, missing: string[]): string {
  if (image === undefined) {
    missing.push("exe", "interpreter", "cwd", "cwd_deleted", "argv", "argc", "argv_bytes", "memfd", "deleted");
    return "";
  }
  const { exe, interpreter, cwd, cwdDeleted, argv, argc, argvBytes } = image;
  return (
    knownText("exe", exe, missing) +
    (interpreter === undefined ? "" : textField("interpreter", interpreter)) +
    knownText("cwd", cwd, missing) +
    flag("cwd_deleted", cwdDeleted) +
    argvField(argv, missing) +
    knownNumber("argc", argc, missing) +
    knownNumber("argv_bytes", argvBytes, missing) +
    imageFlags(image)
  );
}

/** The program that ran until now, less what its own record has told: from `exe` to `deleted`. */
export function endedImageFields(image: Image | undefined, missing: string[]): string {
  if (image === undefined) {
    missing.push("exe", "argv", "memfd", "deleted");
    return "";
  }
  return knownText("exe", image.exe, missing) + argvField(image.argv, missing) + imageFlags(image);
}

/** The environment, if it was asked for. */
export function envFields(image: Image | undefined, mode: EnvMode, missing: string[]): string {
  if (mode === "off") return "";
  if (image?.env === undefined) {
    missing.push("env");
    return "";
  }
  const { env, envTruncated } = image;
  const last = env.length - 1;
  const shown =
    mode === "raw" ? env : env.map((variable, index) => redactEnv(variable, envTruncated && index === last));
  return textListField("env", shown) + flag("env_truncated", envTruncated);
}

function argvField(argv: readonly string[] | undefined, missing: string[]): string {
  if (argv !== undefined) return textListField("argv", argv);
  missing.push("argv");
  return "";
}

function imageFlags({ argv, argvTruncated, memfd, deleted }: Image): string {
  return flag("argv_truncated", argvTruncated && argv !== undefined) + flag("memfd", memfd) + flag("deleted", deleted);
}
