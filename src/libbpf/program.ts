import type { Pointer } from "../libc/libc.ts";
import type { Lifecycle } from "./lifecycle.ts";
import { Link } from "./link.ts";
import { callForHandle, callForStatus, type LogListener } from "./log.ts";
import { ProgramIterator } from "./iterator.ts";
import { libbpf } from "./native.ts";
import { readProgramInfo, type ProgramInfo } from "./program-info.ts";

/** A program of an open object, valid until the object is closed. */
export class Program {
  readonly name: string;
  /** The ELF section, which says where the program attaches: `tp_btf/sched_process_exec`. */
  readonly section: string;
  readonly #program: Pointer;
  readonly #lifecycle: Lifecycle;
  readonly #listener: LogListener | undefined;

  /** Made by `BpfObject`; `program` is a `struct bpf_program` that the object owns. */
  constructor(program: Pointer, lifecycle: Lifecycle, listener: LogListener | undefined) {
    this.#program = program;
    this.#lifecycle = lifecycle;
    this.#listener = listener;
    this.name = libbpf.bpf_program__name(program);
    this.section = libbpf.bpf_program__section_name(program);
  }

  /** Whether the object's `load` loads this program. */
  get autoload(): boolean {
    this.#lifecycle.require(`ask whether to load ${this.name}`, "opened", "loaded");
    return libbpf.bpf_program__autoload(this.#program);
  }

  /** @throws {TypeError} once the object is loaded */
  setAutoload(autoload: boolean): void {
    this.#lifecycle.require(`choose whether to load ${this.name}`, "opened");
    callForStatus(`choose whether to load ${this.name}`, this.#listener, () =>
      libbpf.bpf_program__set_autoload(this.#program, autoload),
    );
  }

  /**
   * Attaches the loaded program where its section says.
   *
   * @throws {TypeError} if the object is not loaded
   * @throws {LibbpfError} if the program was not to be loaded, or the kernel has no such place
   */
  attach(): Link {
    this.#lifecycle.require(`attach ${this.name}`, "loaded");
    return new Link(
      callForHandle(`attach ${this.name} to ${this.section}`, this.#listener, () =>
        libbpf.bpf_program__attach(this.#program),
      ),
    );
  }

  /**
   * Makes an iterator of a loaded program of kind `iter/…`. Minimum kernel: 5.8.
   *
   * @throws {TypeError} if the object is not loaded
   * @throws {LibbpfError} if the program was not to be loaded, or is no iterator's
   */
  iterate(): ProgramIterator {
    this.#lifecycle.require(`iterate with ${this.name}`, "loaded");
    using link = new Link(
      callForHandle(`attach ${this.name} to ${this.section}`, this.#listener, () =>
        libbpf.bpf_program__attach_iter(this.#program, null),
      ),
    );
    const fd = callForStatus(`make an iterator of ${this.name}`, this.#listener, () => libbpf.bpf_iter_create(link.fd));
    return new ProgramIterator(fd);
  }

  /**
   * What the kernel knows of the loaded program.
   *
   * @throws {TypeError} if the object is not loaded
   * @throws {LibbpfError} if the program was not to be loaded
   */
  info(): ProgramInfo {
    this.#lifecycle.require(`read what the kernel knows of ${this.name}`, "loaded");
    return readProgramInfo(this.name, libbpf.bpf_program__fd(this.#program));
  }
}
