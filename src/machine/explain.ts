import { EbpfError, type Finding } from "../errors.ts";
import { errnoName } from "../libc/errno.ts";
import { VerifierError } from "../libbpf/errors.ts";
import { judge, type CheckName } from "./checks.ts";
import { KERNEL_BTF } from "./kernel-types.ts";
import type { Machine } from "./machine.ts";
import { shortageOf } from "./shortage.ts";

const EPERM = 1;
const EACCES = 13;
const ENOSYS = 38;

/** The checks that can explain a failure, the surest first, and the error's code then. */
const whenDenied = ["capabilities", "user_namespace", "lockdown", "memlock"] as const;
const otherwise = ["kernel", "btf"] as const;

const codes: Partial<Record<CheckName, string>> = {
  capabilities: "NOT_PERMITTED",
  user_namespace: "BPF_BLOCKED",
  lockdown: "BPF_BLOCKED",
  memlock: "BPF_BLOCKED",
  memory: "LIMIT_REACHED",
  open_files: "LIMIT_REACHED",
  seccomp: "BPF_BLOCKED",
  lsm: "BPF_BLOCKED",
  bpf_syscall: "BPF_BLOCKED",
  kernel: "KERNEL_TOO_OLD",
  btf: "NO_KERNEL_BTF",
};

/**
 * Says why this program could not be loaded, and what to do about it, from the error and from what the machine is like:
 * the error returned has a finding, a line of the doctor.
 */
export function explainLoadError(error: unknown, machine: Machine): EbpfError {
  if (!(error instanceof EbpfError)) throw error;
  if (error.finding !== undefined) return error;
  if (error.code === "OBJECT_NOT_FOUND" || error.code === "OBJECT_INVALID") {
    return explained(error.code, error, "load BPF programs", {
      ...missing("object", error.message),
      fixes: ["Build it: run `make build`."],
    });
  }
  const cause = causeOf(error, machine) ?? suspect(machine);
  if (cause === undefined) return unexplained(error);
  const isNamed = error.errno !== undefined && !(error instanceof VerifierError);
  const failure = isNamed ? `load BPF programs: ${errnoName(error.errno)}` : "load BPF programs";
  const code = error.code === "BTF_INVALID" ? error.code : codes[cause.check as CheckName];
  return explained(code ?? error.code, error, failure, cause);
}

/** What the doctor finds wrong that explains an error; undefined if it finds nothing of the kind. */
function causeOf(error: EbpfError, machine: Machine): Finding | undefined {
  const sure = (names: readonly CheckName[]) =>
    names.map((name) => judge(name, machine)).find(({ status }) => status === "missing");
  const shortage = shortageOf(error);
  if (shortage !== undefined) return judge(shortage, machine, true);
  if (error.code === "BTF_INVALID") return judge("btf", machine, true);
  if (error instanceof VerifierError) return sure(["capabilities"]) ?? causeOfRefusal(machine);
  if (isDenied(error)) {
    return sure(whenDenied) ?? judge(machine.seccompFiltered === true ? "seccomp" : "lsm", machine, true);
  }
  if (error.errno === ENOSYS) return judge("bpf_syscall", machine, true);
  return sure(otherwise);
}

/** What may have led to an error that says something else: without a file to spare libbpf takes features for missing. */
function suspect(machine: Machine): Finding | undefined {
  return judge("open_files", machine).status === "note" ? judge("open_files", machine, true) : undefined;
}

/** Where a relocation found nothing, libbpf has put a call that the verifier refuses: the types are not this kernel's. */
function causeOfRefusal(machine: Machine): Finding | undefined {
  return machine.btfPath !== KERNEL_BTF ? judge("btf", machine, true) : undefined;
}

function unexplained(error: EbpfError): EbpfError {
  const finding = {
    ...missing("test", error.message),
    fixes: [
      "This is a bug, or a kernel that is not supported yet: please report it with what --verbose prints, " +
        "the verifier's whole log.",
    ],
  };
  return explained(error.code, error, "load BPF programs", finding);
}

function isDenied({ errno }: EbpfError): boolean {
  return errno === EPERM || errno === EACCES;
}

function missing(check: string, text: string): Omit<Finding, "fixes"> {
  return { check, status: "missing", text };
}

function explained(code: string, error: EbpfError, failure: string, finding: Finding): EbpfError {
  return new EbpfError(code, failure, {
    finding,
    cause: error,
    ...(error.operation !== undefined && { operation: error.operation }),
    ...(error.errno !== undefined && { errno: error.errno }),
  });
}
