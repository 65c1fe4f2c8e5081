import { existsSync, readFileSync } from "node:fs";
import { release } from "node:os";

/** What bcc's tools lack here, as a sentence; undefined if nothing. */
export function kernelHeadersAndKprobes(): string | undefined {
  if (!/ register_kprobe\b/.test(readFileSync("/proc/kallsyms", "latin1")))
    return "it needs kprobes, which this kernel has not";
  if (existsSync("/sys/kernel/kheaders.tar.xz")) return undefined;
  if (existsSync(`/lib/modules/${release()}/build`)) return undefined;
  return `it needs the headers of kernel ${release()}`;
}
