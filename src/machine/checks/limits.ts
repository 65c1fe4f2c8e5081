import type { Machine } from "../machine.ts";
import { describeBytes } from "../describe-bytes.ts";
import { missing, note, ok, unknown, type Judgement } from "./judgement.ts";

/** Open files that suffice for every option. */
const ENOUGH_FILES = 64;

/** Whether enough files may be open: each program and map is one, and so is each place where a program is attached. */
export function judgeOpenFiles({ openFilesLimit }: Machine, isCause: boolean): Judgement {
  const limit = openFilesLimit === undefined ? "" : `, ${openFilesLimit}`;
  if (isCause) return missing(`the limit of open files${limit}, or the machine's, has been reached`, RAISE_FILES);
  if (openFilesLimit === undefined) return unknown("not known without /proc");
  if (openFilesLimit >= ENOUGH_FILES) return ok(`${openFilesLimit} may be open`);
  return note(`only ${openFilesLimit} may be open, which may be too few`, RAISE_FILES);
}

const RAISE_FILES =
  `\`ulimit -n ${ENOUGH_FILES}\` is enough; a service's LimitNOFILE=${ENOUGH_FILES}; ` +
  `a container's --ulimit nofile=${ENOUGH_FILES}.`;

/** Whether there is memory for the ring and the maps. */
export function judgeMemory({ availableMemory, addressSpaceLimit }: Machine, isCause: boolean): Judgement {
  const free =
    availableMemory === undefined ? "" : `, while the machine as a whole has ${describeBytes(availableMemory)} left`;
  if (isCause) {
    return missing(
      `there is no memory for the ring and the maps, or a limit does not allow it${free}`,
      ...(addressSpaceLimit === undefined || addressSpaceLimit === Infinity ? [] : [allowSpace(addressSpaceLimit)]),
      "Take a smaller ring: --ring-size.",
      "Allow more: a service's MemoryMax=, a container's --memory, a pod's resources.limits.",
    );
  }
  if (availableMemory === undefined) return unknown("not known without /proc");
  return ok(`the machine as a whole has ${describeBytes(availableMemory)} left`);
}

function allowSpace(limit: number): string {
  return (
    `Allow more address space, of which ${describeBytes(limit)} may be mapped: \`ulimit -v unlimited\`; ` +
    "a service's LimitAS=infinity."
  );
}
