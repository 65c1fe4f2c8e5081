import type { ProcessEvent } from "../event/event.ts";
import { CgroupPaths } from "./cgroup-paths.ts";
import { decodeBriefExec, decodeBriefExit } from "./decode-brief.ts";
import { decodeExecFailed, decodeFork, decodeFullExec, decodeFullExit, decodeRunning } from "./decode-full.ts";
import { wire } from "./wire.ts";

const kinds = wire.EventKind;

/** What a record was, if not an event: something noted for later events, or nothing that makes sense. */
export type NoEvent = "noted" | "malformed";

/** Decodes records of the ring, in their order: some say things that later ones rely on. */
export class Decoder {
  readonly #cgroups = new CgroupPaths();

  /** The path of a control group, by its identifier; undefined if no record has told it. */
  get cgroupPath(): (id: bigint) => string | undefined {
    return this.#cgroups.find;
  }

  /** Never throws, whatever the bytes, and reads nothing outside the record. */
  decode(data: DataView, offset: number, length: number): ProcessEvent | NoEvent {
    if (length < wire.eventHeaderSize) return "malformed";
    const { kind, size } = wire.decodeEventHeader(data, offset);
    if (size > length) return "malformed";
    try {
      return this.#decode(kind, data, offset, size);
    } catch (error) {
      if (error instanceof RangeError) return "malformed";
      throw error;
    }
  }

  #decode(kind: number, data: DataView, offset: number, size: number): ProcessEvent | NoEvent {
    switch (kind) {
      case kinds.EVENT_EXEC:
        return decodeBriefExec(data, offset, size) ?? "malformed";
      case kinds.EVENT_EXIT:
        return decodeBriefExit(data, offset, size) ?? "malformed";
      case kinds.EVENT_FORK:
        if (size !== wire.forkEventSize) return "malformed";
        return decodeFork(data, offset, this.#cgroups.find);
      case kinds.EVENT_FULL_EXEC:
        if (size < wire.fullExecEventOffsets.text) return "malformed";
        return decodeFullExec(data, offset, size, this.#cgroups.find);
      case kinds.EVENT_RUNNING:
        if (size < wire.fullExecEventOffsets.text) return "malformed";
        return decodeRunning(data, offset, size, this.#cgroups.find);
      case kinds.EVENT_EXEC_FAILED:
        if (size < wire.execFailedEventOffsets.text) return "malformed";
        return decodeExecFailed(data, offset, size, this.#cgroups.find);
      case kinds.EVENT_FULL_EXIT:
        if (size !== wire.fullExitEventSize) return "malformed";
        return decodeFullExit(data, offset, this.#cgroups.find);
      case kinds.EVENT_CGROUP:
        if (size < wire.cgroupEventOffsets.path) return "malformed";
        this.#cgroups.note(data, offset, size);
        return "noted";
      default:
        return "malformed";
    }
  }
}
