import { endianness } from "node:os";
import { EbpfError } from "../errors.ts";
import { koffi } from "../libc/ffi.ts";
import type { Pointer } from "../libc/libc.ts";
import { whyNoBtfFile } from "./btf-file.ts";
import { callForHandle } from "./log.ts";
import { libbpf } from "./native.ts";

const BTF_KIND_STRUCT = 4;
const BTF_KIND_ENUM = 6;

/** Bytes of a `struct btf_member` and of a `struct btf_enum` (include/uapi/linux/btf.h); a name's offset comes first. */
const MEMBER_SIZE = 12;
const ENUMERATOR_SIZE = 8;

const littleEndian = endianness() === "LE";

/**
 * The kernel's types, by name. This is how a program that differs between kernels is chosen by feature before load;
 * inside a program, CO-RE asks the same.
 */
export class KernelBtf {
  #btf: Pointer | null;

  /**
   * Reads the running kernel's BTF, or that in a file: several megabytes, for which it takes about 10 ms.
   *
   * @throws {LibbpfError} if the kernel has no BTF; `BTF_INVALID` if the file has none
   * @throws {EbpfError} `BTF_INVALID` if it is not a regular file, or larger than 2 GiB
   */
  constructor(file?: string) {
    // libbpf would wait for a pipe, and read a device without end.
    const reason = file === undefined ? undefined : whyNoBtfFile(file);
    if (reason !== undefined) throw new EbpfError("BTF_INVALID", `read BTF from ${file ?? ""}: it ${reason}`);
    this.#btf =
      file === undefined
        ? callForHandle("read the kernel's BTF", undefined, () => libbpf.btf__load_vmlinux_btf())
        : callForHandle(`read BTF from ${file}`, undefined, () => libbpf.btf__parse(file, null), "BTF_INVALID");
  }

  /**
   * Whether a struct has a member of a name.
   *
   * @throws {TypeError} if closed
   */
  structHasMember(struct: string, member: string): boolean {
    return this.#namesIn(struct, BTF_KIND_STRUCT, MEMBER_SIZE).includes(member);
  }

  /**
   * Whether an enum has a value of a name: `bpf_func_id` has those of the functions that the kernel has for BPF
   * programs, `BPF_FUNC_get_current_task_btf`.
   *
   * @throws {TypeError} if closed
   */
  enumHasValue(name: string, value: string): boolean {
    return this.#namesIn(name, BTF_KIND_ENUM, ENUMERATOR_SIZE).includes(value);
  }

  /** Gives the memory back. Idempotent. */
  close(): void {
    if (this.#btf !== null) libbpf.btf__free(this.#btf);
    this.#btf = null;
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** The names in the first type of that name and kind; none if there is no such type. */
  #namesIn(type: string, kind: number, entrySize: number): string[] {
    if (this.#btf === null) throw new TypeError(`look for ${type}: the kernel's BTF is closed`);
    const id = libbpf.btf__find_by_name_kind(this.#btf, type, kind);
    return id < 0 ? [] : namesOfType(this.#btf, id, entrySize);
  }
}

/** Reads `struct btf_type`, which takes 12 bytes, and what stands behind it. */
function namesOfType(btf: Pointer, id: number, entrySize: number): string[] {
  const type = libbpf.btf__type_by_id(btf, id);
  if (type === null) return [];
  const count = new DataView(koffi.view(type, 12)).getUint32(4, littleEndian) & 0xffff;
  const entries = new DataView(koffi.view(type + 12n, entrySize * count));
  return Array.from(
    { length: count },
    (_, index) => libbpf.btf__name_by_offset(btf, entries.getUint32(entrySize * index, littleEndian)) ?? "",
  );
}
