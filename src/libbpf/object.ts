import { readFileSync } from "node:fs";
import { constants } from "node:os";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { EbpfError } from "../errors.ts";
import { koffi } from "../libc/ffi.ts";
import { Mapping, protection, withSignalsBlocked, type Pointer } from "../libc/libc.ts";
import { findBtfDamage } from "./check-btf.ts";
import { LibbpfError } from "./errors.ts";
import { Lifecycle } from "./lifecycle.ts";
import type { Link } from "./link.ts";
import { callForHandle, callForStatus, type LogListener } from "./log.ts";
import { BpfMap } from "./map.ts";
import { libbpf, openOptionsSize } from "./native.ts";
import { Program } from "./program.ts";
import type { Variable } from "./variable.ts";

/** How an object is opened. */
export interface OpenOptions {
  /** The object's name, in libbpf's messages and in the names of its section maps. Default: the file's name. */
  readonly name?: string;
  /** A file with the kernel's BTF, for CO-RE relocation on a kernel that does not show its own. */
  readonly btfPath?: string;
  /** Receives libbpf's messages about this object; must not throw. Default: warnings appear in errors, the rest is dropped. */
  readonly onMessage?: LogListener;
}

/** How many CPUs this machine may ever have, which is how many values a per-CPU map has. */
export function possibleCpus(): number {
  return callForStatus("count the CPUs", undefined, () => libbpf.libbpf_num_possible_cpus());
}

/** The version of the libbpf in use: `v1.1`. */
export function libbpfVersion(): string {
  return libbpf.libbpf_version_string();
}

/**
 * A compiled BPF object: open → set variables and sizes → load → attach → close. Programs and maps found in it are the
 * object's: they are of no use after `close`. Minimum libbpf: 1.0.
 */
export class BpfObject {
  readonly #object: Pointer;
  readonly #listener: LogListener | undefined;
  readonly #lifecycle = new Lifecycle();
  readonly #closers: (() => void)[] = [];

  private constructor(object: Pointer, listener: LogListener | undefined) {
    this.#object = object;
    this.#listener = listener;
    this.#closers.push(() => {
      libbpf.bpf_object__close(object);
    });
  }

  /**
   * Reads an object from a file or from bytes. The kernel is not touched yet.
   *
   * @throws {EbpfError} `OBJECT_NOT_FOUND` if the file cannot be read
   * @throws {LibbpfError} `OBJECT_INVALID` if it is not a BPF object that libbpf understands
   */
  static open(source: string | URL | Uint8Array, options: OpenOptions = {}): BpfObject {
    const bytes = source instanceof Uint8Array ? source : readObject(source);
    const name = options.name ?? (source instanceof Uint8Array ? "object" : nameOf(source));
    const operation = `open BPF object ${source instanceof Uint8Array ? name : pathOf(source)}`;
    const damage = findBtfDamage(bytes);
    if (damage !== undefined) {
      throw new LibbpfError(operation, constants.errno.EINVAL, [`its BTF is damaged: ${damage}`], "OBJECT_INVALID");
    }
    const openOptions = {
      sz: openOptionsSize,
      object_name: name,
      relaxed_maps: false,
      pin_root_path: null,
      attach_prog_fd: 0,
      kconfig: null,
      btf_custom_path: options.btfPath ?? null,
      kernel_log_buf: null,
      kernel_log_size: 0,
      kernel_log_level: 0,
    };
    const object = callForHandle(
      operation,
      options.onMessage,
      () => libbpf.bpf_object__open_mem(bytes, bytes.length, openOptions),
      "OBJECT_INVALID",
    );
    return new BpfObject(object, options.onMessage);
  }

  /**
   * Sets a global variable's value before `load`.
   *
   * @throws {EbpfError} `OBJECT_LACKS` if the object has no such variable
   * @throws {TypeError} if it is loaded already
   * @throws {RangeError} if the value does not fit the variable's C type
   */
  setVariable<T>(variable: Variable<T>, value: T): void {
    this.#lifecycle.require("set a variable", "opened");
    const map = libbpf.bpf_object__find_map_by_name(this.#object, variable.section);
    const size: [number] = [0];
    const memory = map === null ? null : libbpf.bpf_map__initial_value(map, size);
    if (memory === null || variable.offset + variable.size > size[0]) {
      throw lacks(`variable at ${variable.section} + ${variable.offset}`);
    }
    variable.encode(new DataView(koffi.view(memory, size[0])), variable.offset, value);
  }

  /** The object's programs, in the order of the file. */
  programs(): readonly Program[] {
    this.#lifecycle.require("list the programs", "opened", "loaded");
    return Array.from(
      handles((previous) => libbpf.bpf_object__next_program(this.#object, previous)),
      (program) => new Program(program, this.#lifecycle, this.#listener),
    );
  }

  /** @throws {EbpfError} `OBJECT_LACKS` if the object has no such program */
  program(name: string): Program {
    const program = this.programs().find((candidate) => candidate.name === name);
    if (program === undefined) throw lacks(`program ${name}`);
    return program;
  }

  /** The object's maps, those of its sections (`.rodata`, `.bss`, …) included. */
  maps(): readonly BpfMap[] {
    this.#lifecycle.require("list the maps", "opened", "loaded");
    return Array.from(
      handles((previous) => libbpf.bpf_object__next_map(this.#object, previous)),
      (map) => new BpfMap(map, this.#lifecycle, this.#listener),
    );
  }

  /**
   * Finds a map by name, or the map of a section by the section's name: `.bss`.
   *
   * @throws {EbpfError} `OBJECT_LACKS` if the object has no such map
   */
  map(name: string): BpfMap {
    this.#lifecycle.require(`find map ${name}`, "opened", "loaded");
    const map = libbpf.bpf_object__find_map_by_name(this.#object, name);
    if (map === null) throw lacks(`map ${name}`);
    return new BpfMap(map, this.#lifecycle, this.#listener);
  }

  /**
   * Creates the maps and loads the programs, each relocated for the running kernel.
   *
   * @throws {VerifierError} if the kernel refuses a program
   * @throws {LibbpfError} on any other failure
   */
  load(): void {
    this.#lifecycle.require("load the BPF object", "opened");
    // The verifier gives up when a signal comes (EAGAIN), and libbpf tries only five times: a profiler sends them faster.
    withSignalsBlocked(() => {
      callForStatus("load the BPF object", this.#listener, () => libbpf.bpf_object__load(this.#object));
    });
    this.#lifecycle.advance("loaded");
  }

  /**
   * Attaches every loaded program where its section says, or none.
   *
   * @throws {LibbpfError} if one cannot be attached
   */
  attach(): readonly Link[] {
    const links: Link[] = [];
    try {
      for (const program of this.programs()) if (program.autoload) links.push(program.attach());
    } catch (error) {
      for (const link of links.reverse()) link.close();
      throw error;
    }
    this.#closers.push(
      ...links.map((link) => () => {
        link.close();
      }),
    );
    return links;
  }

  /**
   * Maps the values of a map into memory, so that both sides see what the other stores: of a section of variables
   * (`.data`, `.bss`), or of an array with BPF_F_MMAPABLE, where each value begins at a multiple of eight bytes. The
   * mapping is the object's and ends with it. Needs no rights beyond the object's. Minimum kernel: 5.5.
   *
   * @throws {EbpfError} `MMAP_FAILED`
   */
  mapValues(name: string): ArrayBuffer {
    const map = this.map(name);
    const stride = Math.ceil(map.valueSize / 8) * 8;
    const mapping = new Mapping(map.fd, 0, map.maxEntries * stride, protection.readWrite);
    this.#closers.push(() => {
      mapping.close();
    });
    return mapping.buffer;
  }

  /** Detaches and unloads everything, the last first. Idempotent. */
  close(): void {
    this.#lifecycle.advance("closed");
    for (let closer = this.#closers.pop(); closer !== undefined; closer = this.#closers.pop()) closer();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

function readObject(file: string | URL): Uint8Array {
  try {
    return readFileSync(file);
  } catch (cause) {
    const reason = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
    throw new EbpfError("OBJECT_NOT_FOUND", `open BPF object ${pathOf(file)}: the file cannot be read (${reason})`, {
      operation: "open a BPF object",
      cause,
    });
  }
}

function lacks(what: string): EbpfError {
  return new EbpfError("OBJECT_LACKS", `the BPF object has no ${what}`);
}

function nameOf(file: string | URL): string {
  return basename(pathOf(file)).replace(/\..*$/, "");
}

function pathOf(file: string | URL): string {
  return file instanceof URL ? fileURLToPath(file) : file;
}

function* handles(next: (previous: Pointer | null) => Pointer | null): Generator<Pointer> {
  for (let handle = next(null); handle !== null; handle = next(handle)) yield handle;
}
