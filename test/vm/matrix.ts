/** A kernel to test on, and the machine to run it on. */
export interface Guest {
  /** `amd64-6.1`: what to call it on the command line. */
  readonly name: string;
  readonly architecture: Architecture;
  /** Debian's suite that has the kernel, and the package that depends on its newest build. */
  readonly suite: string;
  readonly kernelPackage: string;
  /** Debian's suite of all else that it runs. */
  readonly rootSuite: string;
  /** Whether every submission is tested on it. */
  readonly everySubmission?: true;
}

/** A CPU as Debian calls it, with all that differs between machines. */
export interface Architecture {
  readonly name: "amd64" | "arm64" | "s390x";
  readonly qemu: readonly string[];
  /** The kind of devices: on the PCI bus, or s390x's channel. */
  readonly bus: "pci" | "ccw";
  readonly console: string;
  /** More words on the kernel's command line. */
  readonly kernelArguments?: string;
  /** GNU's name of it, which is in names of tools and folders. */
  readonly triplet: string;
  readonly littleEndian: boolean;
  /** Numbers of system calls. */
  readonly execve: number;
  readonly execveat: number;
  /** Node's name of the CPU, if there is a native module for it: then the monitor runs on it. */
  readonly native?: string;
  /** How many times slower programs run there than where limits of time are made for. */
  readonly slowness: number;
}

const amd64: Architecture = {
  name: "amd64",
  qemu: ["qemu-system-x86_64", "-M", "q35", "-cpu", "max"],
  bus: "pci",
  console: "ttyS0",
  kernelArguments: "tsc=reliable",
  triplet: "x86_64-linux-gnu",
  littleEndian: true,
  execve: 59,
  execveat: 322,
  native: "x64",
  slowness: 10,
};

const arm64: Architecture = {
  name: "arm64",
  // Pointer authentication as the architecture has it takes half of the time of an emulated CPU.
  qemu: ["qemu-system-aarch64", "-M", "virt", "-cpu", "max,pauth-impdef=on"],
  bus: "pci",
  console: "ttyAMA0",
  triplet: "aarch64-linux-gnu",
  littleEndian: true,
  execve: 221,
  execveat: 281,
  native: "arm64",
  slowness: 20,
};

const s390x: Architecture = {
  name: "s390x",
  qemu: ["qemu-system-s390x", "-M", "s390-ccw-virtio", "-cpu", "max"],
  bus: "ccw",
  console: "ttysclp0",
  triplet: "s390x-linux-gnu",
  littleEndian: false,
  execve: 11,
  execveat: 354,
  slowness: 40,
};

/** Of all suites with Node.js 20.19, the oldest that is new enough: what runs with it runs with later ones. */
const OLDEST_NODE = "trixie";
/** The newest libbpf, and the newest Node.js. */
const NEWEST = "sid";

const cloud = (architecture: Architecture, suite: string, version: string, more: Partial<Guest> = {}): Guest => ({
  name: `${architecture.name}-${version}`,
  architecture,
  suite,
  kernelPackage: `linux-image-cloud-${architecture.name}`,
  rootSuite: OLDEST_NODE,
  ...more,
});

/** Every kernel that the project is tested on. */
export const guests: readonly Guest[] = [
  cloud(amd64, "bullseye", "5.10", { everySubmission: true }),
  cloud(amd64, "bookworm", "6.1"),
  cloud(amd64, "trixie", "6.12"),
  cloud(amd64, "sid", "sid"),
  cloud(amd64, "trixie-backports", "backports", { everySubmission: true }),
  cloud(arm64, "bookworm", "6.1"),
  cloud(arm64, "trixie", "6.12", { everySubmission: true }),
  {
    name: "s390x-6.12",
    architecture: s390x,
    suite: "bookworm-backports",
    kernelPackage: "linux-image-s390x",
    rootSuite: NEWEST,
  },
];
