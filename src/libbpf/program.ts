import type { Pointer } from "../libc/libc.ts";
import { Link } from "./link.ts";
import { callForHandle, callForStatus, type LogListener } from "./log.ts";
import { libbpf } from "./native.ts";
import { readProgramInfo, type ProgramInfo } from "./program-info.ts";

/** A program of an open object, valid until the object is closed. */
export class Program {
  readonly name: string;
  /** The ELF section, which says where the program attaches: `tp_btf/sched_process_exec`. */
  readonly section: string;
  readonly #program: Pointer;
  readonly #listener: LogListener | undefined;

  /** Made by `BpfObject`; `program` is a `struct bpf_program` that the object owns. */
  constructor(program: Pointer, listener: LogListener | undefined) {
    this.#program = program;
    this.#listener = listener;
    this.name = libbpf.bpf_program__name(program);
    this.section = libbpf.bpf_program__section_name(program);
  }

  /** Whether the object's `load` loads this program. */
  get autoload(): boolean {
    return libbpf.bpf_program__autoload(this.#program);
  }

  /** @throws {LibbpfError} once the object is loaded */
  setAutoload(autoload: boolean): void {
    callForStatus(`choose whether to load ${this.name}`, this.#listener, () =>
      libbpf.bpf_program__set_autoload(this.#program, autoload),
    );
  }

  /**
   * Attaches the loaded program where its section says.
   *
   * @throws {LibbpfError} if it is not loaded, or the kernel has no such place
   */
  attach(): Link {
    return new Link(
      callForHandle(`attach ${this.name} to ${this.section}`, this.#listener, () =>
        libbpf.bpf_program__attach(this.#program),
      ),
    );
  }

  /**
   * What the kernel knows of the loaded program.
   *
   * @throws {LibbpfError} if it is not loaded
   */
  info(): ProgramInfo {
    return readProgramInfo(this.name, libbpf.bpf_program__fd(this.#program));
  }
}
