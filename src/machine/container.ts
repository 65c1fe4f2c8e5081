import { existsSync } from "node:fs";
import { readText } from "./read.ts";

/** What kind of container this is in, by the marks that container engines leave; undefined if there is none. */
export function findContainer(release: string): string | undefined {
  if (/microsoft/i.test(release)) return "WSL";
  if (process.env["KUBERNETES_SERVICE_HOST"] !== undefined) return "Kubernetes";
  if (existsSync("/run/.containerenv")) return "Podman";
  if (existsSync("/.dockerenv")) return "Docker";
  return readText("/run/systemd/container")?.trim() ?? process.env["container"];
}
