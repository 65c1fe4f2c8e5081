import { RecordText } from "./record-text.ts";
import { wire } from "./wire.ts";

/** Many times as many as the kernel side remembers having told: what it takes for known must be known here. */
const LIMIT = 65_536;

/** The paths of control groups, as the kernel side told them. Bounded: those not used for longest go first. */
export class CgroupPaths {
  readonly #paths = new Map<bigint, string>();

  /** Notes what a record tells. Throws a RangeError if its text goes beyond it. */
  note(data: DataView, offset: number, size: number): void {
    const { cgroup_id, path_size } = wire.decodeCgroupEvent(data, offset);
    const text = new RecordText(data, offset + wire.cgroupEventOffsets.path, offset + size);
    const path = text.path(path_size);
    if (path === undefined) return;
    this.#paths.delete(cgroup_id);
    this.#paths.set(cgroup_id, path);
    if (this.#paths.size > LIMIT) this.#forgetOldest();
  }

  /** The path of a group. */
  readonly find = (id: bigint): string | undefined => {
    const path = this.#paths.get(id);
    if (path !== undefined && this.#paths.size > LIMIT / 2) {
      this.#paths.delete(id);
      this.#paths.set(id, path);
    }
    return path;
  };

  #forgetOldest(): void {
    for (const id of this.#paths.keys()) {
      this.#paths.delete(id);
      return;
    }
  }
}
