import { koffi } from "../libc/ffi.ts";
import type { Pointer } from "../libc/libc.ts";
import { LibbpfNotFoundError } from "./errors.ts";

/** `struct bpf_object_open_opts` of libbpf 1.0; `sz` tells the library how much of it the caller knows. */
const openOptions = koffi.struct("bpf_object_open_opts", {
  sz: "size_t",
  object_name: "const char *",
  relaxed_maps: "bool",
  pin_root_path: "const char *",
  attach_prog_fd: "uint32_t",
  kconfig: "const char *",
  btf_custom_path: "const char *",
  kernel_log_buf: "void *",
  kernel_log_size: "size_t",
  kernel_log_level: "uint32_t",
});

/** Bytes of the options for opening an object. */
export const openOptionsSize: number = koffi.sizeof(openOptions);

/** `libbpf_print_fn_t`; the third argument is a `va_list`. */
export const printFunction = koffi.pointer(koffi.proto("int libbpf_print(int level, void *format, void *arguments)"));

type Handle = Pointer | null;

/** The functions of libbpf.so.1 that this layer calls, as C declares them. Pointers returned are null on failure. */
export interface Libbpf {
  libbpf_version_string(): string;
  libbpf_set_print(print: Pointer | null): Handle;
  libbpf_num_possible_cpus(): number;
  bpf_object__open_mem(bytes: Uint8Array, size: number, options: Record<string, unknown>): Handle;
  bpf_object__load(object: Pointer): number;
  bpf_object__close(object: Pointer): void;
  bpf_object__next_program(object: Pointer, previous: Handle): Handle;
  bpf_object__next_map(object: Pointer, previous: Handle): Handle;
  bpf_object__find_map_by_name(object: Pointer, name: string): Handle;
  bpf_program__name(program: Pointer): string;
  bpf_program__section_name(program: Pointer): string;
  bpf_program__fd(program: Pointer): number;
  bpf_program__autoload(program: Pointer): boolean;
  bpf_program__set_autoload(program: Pointer, autoload: boolean): number;
  bpf_program__attach(program: Pointer): Handle;
  bpf_map__name(map: Pointer): string;
  bpf_map__fd(map: Pointer): number;
  bpf_map__value_size(map: Pointer): number;
  bpf_map__max_entries(map: Pointer): number;
  bpf_map__set_max_entries(map: Pointer, entries: number): number;
  bpf_map__initial_value(map: Pointer, size: [number]): Handle;
  bpf_map__lookup_elem(
    map: Pointer,
    key: Uint8Array,
    keySize: number,
    value: Uint8Array,
    valueSize: number,
    flags: number,
  ): number;
  bpf_program__attach_iter(program: Pointer, options: null): Handle;
  bpf_link__fd(link: Pointer): number;
  bpf_link__destroy(link: Pointer): number;
  bpf_iter_create(linkFd: number): number;
  bpf_obj_get_info_by_fd(fd: number, info: Uint8Array, size: [number]): number;
  btf__load_vmlinux_btf(): Handle;
  btf__parse(path: string, elf: null): Handle;
  btf__find_by_name_kind(btf: Pointer, name: string, kind: number): number;
  btf__type_by_id(btf: Pointer, id: number): Handle;
  btf__name_by_offset(btf: Pointer, offset: number): string | null;
  btf__free(btf: Pointer): void;
}

const declarations: Record<keyof Libbpf, string> = {
  libbpf_version_string: "const char *libbpf_version_string()",
  libbpf_set_print: "void *libbpf_set_print(void *print)",
  libbpf_num_possible_cpus: "int libbpf_num_possible_cpus()",
  bpf_object__open_mem: "void *bpf_object__open_mem(void *bytes, size_t size, bpf_object_open_opts *options)",
  bpf_object__load: "int bpf_object__load(void *object)",
  bpf_object__close: "void bpf_object__close(void *object)",
  bpf_object__next_program: "void *bpf_object__next_program(void *object, void *previous)",
  bpf_object__next_map: "void *bpf_object__next_map(void *object, void *previous)",
  bpf_object__find_map_by_name: "void *bpf_object__find_map_by_name(void *object, const char *name)",
  bpf_program__name: "const char *bpf_program__name(void *program)",
  bpf_program__section_name: "const char *bpf_program__section_name(void *program)",
  bpf_program__fd: "int bpf_program__fd(void *program)",
  bpf_program__autoload: "bool bpf_program__autoload(void *program)",
  bpf_program__set_autoload: "int bpf_program__set_autoload(void *program, bool autoload)",
  bpf_program__attach: "void *bpf_program__attach(void *program)",
  bpf_map__name: "const char *bpf_map__name(void *map)",
  bpf_map__fd: "int bpf_map__fd(void *map)",
  bpf_map__value_size: "uint32_t bpf_map__value_size(void *map)",
  bpf_map__max_entries: "uint32_t bpf_map__max_entries(void *map)",
  bpf_map__set_max_entries: "int bpf_map__set_max_entries(void *map, uint32_t entries)",
  bpf_map__initial_value: "void *bpf_map__initial_value(void *map, _Out_ size_t *size)",
  bpf_map__lookup_elem:
    "int bpf_map__lookup_elem(void *map, void *key, size_t keySize, void *value, size_t valueSize, uint64_t flags)",
  bpf_program__attach_iter: "void *bpf_program__attach_iter(void *program, void *options)",
  bpf_link__fd: "int bpf_link__fd(void *link)",
  bpf_link__destroy: "int bpf_link__destroy(void *link)",
  bpf_iter_create: "int bpf_iter_create(int linkFd)",
  bpf_obj_get_info_by_fd: "int bpf_obj_get_info_by_fd(int fd, void *info, _Inout_ uint32_t *size)",
  btf__load_vmlinux_btf: "void *btf__load_vmlinux_btf()",
  btf__parse: "void *btf__parse(const char *path, void *elf)",
  btf__find_by_name_kind: "int btf__find_by_name_kind(void *btf, const char *name, uint32_t kind)",
  btf__type_by_id: "void *btf__type_by_id(void *btf, uint32_t id)",
  btf__name_by_offset: "const char *btf__name_by_offset(void *btf, uint32_t offset)",
  btf__free: "void btf__free(void *btf)",
};

/**
 * Loads libbpf.so.1.
 *
 * @throws {LibbpfNotFoundError} if it is not installed, or lacks a function that is needed
 */
function loadLibbpf(): Libbpf {
  const library = openLibrary();
  const functions: [string, unknown][] = [];
  for (const [name, declaration] of Object.entries(declarations)) {
    try {
      functions.push([name, library.func(declaration)]);
    } catch (cause) {
      throw new LibbpfNotFoundError(`it is too old, it has no ${name}`, cause);
    }
  }
  return Object.fromEntries(functions) as unknown as Libbpf;
}

function openLibrary(): ReturnType<typeof koffi.load> {
  try {
    return koffi.load("libbpf.so.1");
  } catch (cause) {
    if (canOpen("libbpf.so.0")) throw new LibbpfNotFoundError("only libbpf.so.0 is here, which is too old", cause);
    throw new LibbpfNotFoundError("it is not installed, or cannot be loaded", cause);
  }
}

function canOpen(name: string): boolean {
  try {
    koffi.load(name).unload();
    return true;
  } catch {
    return false;
  }
}

/** The library, loaded when this module is. */
export const libbpf: Libbpf = loadLibbpf();
