import { containerId } from "../../process/container-id.ts";
import { unknown, valueText, type Column } from "./column.ts";
import { ofProcess, optionalText } from "./of-process.ts";

/** Where a process runs. */
export const placeColumns = {
  tty: {
    name: "tty",
    header: "TTY",
    meaning: "controlling terminal",
    cells: 7,
    fit: "cut",
    needsFullEvent: true,
    text: ofProcess(({ tty }) => optionalText(tty)),
  },
  cgroup: {
    name: "cgroup",
    header: "CGROUP",
    meaning: "path of the control group",
    cells: 24,
    fit: "grow",
    needsFullEvent: true,
    text: ofProcess(({ cgroup }) => (cgroup === undefined ? unknown : valueText(cgroup))),
  },
  container: {
    name: "container",
    header: "CONTAINER",
    meaning: "ID or name of the container, as the control group tells it",
    cells: 13,
    fit: "cut",
    needsFullEvent: true,
    text: ofProcess(({ cgroup }) => (cgroup === undefined ? unknown : optionalText(containerId(cgroup)))),
  },
  ns_pid: {
    name: "ns_pid",
    header: "NS_PID",
    meaning: "process ID in its own namespace, if that is not the initial one",
    cells: 7,
    fit: "whole",
    needsFullEvent: true,
    text: ofProcess(({ namespacePid }) => optionalText(namespacePid)),
  },
  cpu_id: {
    name: "cpu_id",
    header: "CPU_ID",
    meaning: "the CPU on which it happened",
    cells: 6,
    fit: "whole",
    needsFullEvent: true,
    text: ofProcess(({ cpu }) => String(cpu)),
  },
} as const satisfies Readonly<Record<string, Column>>;
