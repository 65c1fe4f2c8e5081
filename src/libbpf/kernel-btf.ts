import { endianness } from "node:os";
import { koffi } from "../libc/ffi.ts";
import type { Pointer } from "../libc/libc.ts";
import { callForHandle } from "./log.ts";
import { libbpf } from "./native.ts";

const BTF_KIND_STRUCT = 4;
const BTF_KIND_ENUM = 6;

/** Bytes of a `struct btf_member` and of a `struct btf_enum` (include/uapi/linux/btf.h); a name's offset comes first. */
const MEMBER_SIZE = 12;
const ENUMERATOR_SIZE = 8;

const littleEndian = endianness() === "LE";

/**
 * Asks the running kernel's BTF, or that in a file, whether a struct has a member of a name. This is how a program that
 * differs between kernels is chosen by feature before load; inside a program, CO-RE asks the same.
 *
 * @throws {LibbpfError} if the kernel has no BTF; `BTF_INVALID` if the file has none
 */
export function kernelStructHasMember(struct: string, member: string, btfPath?: string): boolean {
  return namesIn(struct, BTF_KIND_STRUCT, MEMBER_SIZE, btfPath).includes(member);
}

/**
 * Asks the running kernel's BTF, or that in a file, whether an enum has a value of a name: `bpf_func_id` has those of the
 * functions that the kernel has for BPF programs, `BPF_FUNC_get_current_task_btf`.
 *
 * @throws {LibbpfError} if the kernel has no BTF; `BTF_INVALID` if the file has none
 */
export function kernelEnumHasValue(name: string, value: string, btfPath?: string): boolean {
  return namesIn(name, BTF_KIND_ENUM, ENUMERATOR_SIZE, btfPath).includes(value);
}

/** The names in the first type of that name and kind; none if there is no such type. */
function namesIn(type: string, kind: number, entrySize: number, btfPath: string | undefined): string[] {
  const btf = btfPath === undefined ? loadOwn() : parse(btfPath);
  try {
    const id = libbpf.btf__find_by_name_kind(btf, type, kind);
    return id < 0 ? [] : namesOfType(btf, id, entrySize);
  } finally {
    libbpf.btf__free(btf);
  }
}

function loadOwn(): Pointer {
  return callForHandle("read the kernel's BTF", undefined, () => libbpf.btf__load_vmlinux_btf());
}

function parse(file: string): Pointer {
  return callForHandle(`read BTF from ${file}`, undefined, () => libbpf.btf__parse(file, null), "BTF_INVALID");
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
