import { endianness } from "node:os";
import { koffi } from "../libc/ffi.ts";
import type { Pointer } from "../libc/libc.ts";
import { callForHandle } from "./log.ts";
import { libbpf } from "./native.ts";

const BTF_KIND_STRUCT = 4;
const littleEndian = endianness() === "LE";

/**
 * Asks the running kernel's BTF, or that in a file, whether a struct has a member of a name. This is how a program that
 * differs between kernels is chosen by feature before load; inside a program, CO-RE asks the same.
 *
 * @throws {LibbpfError} if the kernel has no BTF; `BTF_INVALID` if the file has none
 */
export function kernelStructHasMember(struct: string, member: string, btfPath?: string): boolean {
  const btf = btfPath === undefined ? loadOwn() : parse(btfPath);
  try {
    const id = libbpf.btf__find_by_name_kind(btf, struct, BTF_KIND_STRUCT);
    return id >= 0 && memberNames(btf, id).includes(member);
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

/** Reads `struct btf_type` and the `struct btf_member`s behind it (include/uapi/linux/btf.h): 12 bytes each. */
function memberNames(btf: Pointer, id: number): string[] {
  const type = libbpf.btf__type_by_id(btf, id);
  if (type === null) return [];
  const count = new DataView(koffi.view(type, 12)).getUint32(4, littleEndian) & 0xffff;
  const members = new DataView(koffi.view(type + 12n, 12 * count));
  return Array.from(
    { length: count },
    (_, index) => libbpf.btf__name_by_offset(btf, members.getUint32(12 * index, littleEndian)) ?? "",
  );
}
