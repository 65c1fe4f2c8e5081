import { findTool, type Place, type Tool } from "./find-tool.ts";

/** The programs that the generator runs, each as a path or a name in PATH that has been seen to work. */
export interface Toolchain {
  readonly cc: string;
  readonly strip: string;
  readonly readelf: string;
  readonly bpftool: string;
}

/** Returns a working program for each part; what the caller names is used as it is, the rest is looked for. */
export function findToolchain(asked: Partial<Toolchain>): Toolchain {
  return {
    cc: findTool(clang, asked.cc),
    strip: findTool(llvmStrip, asked.strip),
    readelf: findTool(llvmReadelf, asked.readelf),
    bpftool: findTool(bpftool, asked.bpftool),
  };
}

const clang: Tool = {
  name: "clang",
  probe: ["--version"],
  elsewhere: [inLlvm("clang")],
  hint: "Install the package clang (Debian, Ubuntu, Fedora, Arch), or name the compiler with --cc.",
};

const llvmStrip: Tool = {
  name: "llvm-strip",
  probe: ["--version"],
  elsewhere: [inLlvm("llvm-strip")],
  hint: "Install the package llvm (Debian, Ubuntu, Fedora, Arch), or name the program with --strip.",
};

const llvmReadelf: Tool = {
  name: "llvm-readelf",
  probe: ["--version"],
  elsewhere: [inLlvm("llvm-readelf")],
  hint: "Install the package llvm (Debian, Ubuntu, Fedora, Arch), or name the program with --readelf.",
};

const bpftool: Tool = {
  name: "bpftool",
  probe: ["version"],
  elsewhere: [
    ...["/usr/sbin", "/sbin", "/usr/local/sbin"].map((directory) => ({ directory, entry: /^bpftool$/, file: "" })),
    { directory: "/usr/lib/linux-tools", entry: /^\d/, file: "bpftool" },
    { directory: "/usr/lib", entry: /^linux-tools-\d/, file: "bpftool" },
  ],
  hint: "Install the package bpftool (Debian, Fedora) or linux-tools-generic (Ubuntu), or name it with --bpftool.",
};

function inLlvm(name: string): Place {
  return { directory: "/usr/lib", entry: /^llvm-\d+$/, file: `bin/${name}` };
}
