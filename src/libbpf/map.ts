import type { Pointer } from "../libc/libc.ts";
import type { Lifecycle } from "./lifecycle.ts";
import { callForStatus, type LogListener } from "./log.ts";
import { libbpf } from "./native.ts";

const ENOENT = 2;

/** A map of an open object, valid until the object is closed. */
export class BpfMap {
  readonly name: string;
  readonly #map: Pointer;
  readonly #lifecycle: Lifecycle;
  readonly #listener: LogListener | undefined;

  /** Made by `BpfObject`; `map` is a `struct bpf_map` that the object owns. */
  constructor(map: Pointer, lifecycle: Lifecycle, listener: LogListener | undefined) {
    this.#map = map;
    this.#lifecycle = lifecycle;
    this.#listener = listener;
    this.name = libbpf.bpf_map__name(map);
  }

  /**
   * The map's file descriptor, owned by the object.
   *
   * @throws {TypeError} if the object is not loaded, as everything here that touches the kernel
   */
  get fd(): number {
    this.#lifecycle.require(`get the descriptor of map ${this.name}`, "loaded");
    return libbpf.bpf_map__fd(this.#map);
  }

  /** Entries at most; for a ring buffer, the bytes of its data. */
  get maxEntries(): number {
    this.#lifecycle.require(`get the size of map ${this.name}`, "opened", "loaded");
    return libbpf.bpf_map__max_entries(this.#map);
  }

  /** Bytes of a value; for the map of a section, of the whole section. */
  get valueSize(): number {
    this.#lifecycle.require(`get the size of values of map ${this.name}`, "opened", "loaded");
    return libbpf.bpf_map__value_size(this.#map);
  }

  /** @throws {TypeError} once the object is loaded */
  setMaxEntries(entries: number): void {
    this.#lifecycle.require(`set the size of map ${this.name}`, "opened");
    callForStatus(`set the size of map ${this.name} to ${entries}`, this.#listener, () =>
      libbpf.bpf_map__set_max_entries(this.#map, entries),
    );
  }

  /**
   * The value of a key; undefined if the map has no such key.
   *
   * @throws {LibbpfError} if the key has the wrong size, or the map is per-CPU
   */
  lookup(key: Uint8Array): Uint8Array | undefined {
    return this.#lookup(key, this.valueSize);
  }

  /**
   * The values of a key in a per-CPU map, one for each possible CPU; undefined if the map has no such key.
   *
   * @throws {LibbpfError} if the key has the wrong size, or the map is not per-CPU
   */
  lookupPerCpu(key: Uint8Array): readonly Uint8Array[] | undefined {
    const cpus = callForStatus("count the CPUs", this.#listener, () => libbpf.libbpf_num_possible_cpus());
    // The kernel pads each CPU's value to eight bytes.
    const stride = Math.ceil(this.valueSize / 8) * 8;
    const all = this.#lookup(key, stride * cpus);
    if (all === undefined) return undefined;
    return Array.from({ length: cpus }, (_, cpu) => all.subarray(cpu * stride, (cpu + 1) * stride));
  }

  #lookup(key: Uint8Array, valueSize: number): Uint8Array | undefined {
    this.#lifecycle.require(`look up a key of map ${this.name}`, "loaded");
    const value = new Uint8Array(valueSize);
    const status = callForStatus(
      `look up a key of map ${this.name}`,
      this.#listener,
      () => libbpf.bpf_map__lookup_elem(this.#map, key, key.length, value, valueSize, 0),
      ENOENT,
    );
    return status === 0 ? value : undefined;
  }
}
