import { EbpfError, type Finding } from "../errors.ts";
import { LibbpfError, libbpfErrorName, VerifierError } from "../libbpf/errors.ts";
import { RUN_ON_HOST } from "./checks/judgement.ts";
import { judge, type CheckName } from "./checks.ts";
import { KERNEL_BTF } from "./kernel-types.ts";
import type { Machine } from "./machine.ts";
import { shortageOf } from "./shortage.ts";

const EPERM = 1;
const EACCES = 13;
const ENOSYS = 38;

/** The checks that can explain a failure, the surest first, and the error's code then. */
const whenDenied = ["user_namespace", "capabilities", "lockdown", "memlock"] as const;
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

/** What is wrong with the compiled BPF programs, by the error's code. */
const objectErrors: ReadonlySet<string> = new Set(["OBJECT_NOT_FOUND", "OBJECT_INVALID", "OBJECT_LACKS"]);

const BUILD_ANEW =
  "Build the program anew, `make build` in its source tree; install it from there, where it is a copy (docs/deploy.md).";

const WHAT_OBJECT = [
  "The file must be there as it was built, and this user must be allowed to read it, and to enter the folders above it.",
  BUILD_ANEW,
];

/**
 * Says why this program could not be loaded, and what to do about it, from the error and from what the machine is like:
 * the error returned has a finding, a line of the doctor.
 */
export function explainLoadError(error: unknown, machine: Machine): EbpfError {
  if (!(error instanceof EbpfError)) throw error;
  if (error.finding !== undefined) return error;
  if (objectErrors.has(error.code)) {
    return explained(error.code, error, "load BPF programs", {
      ...missing("object", error.message),
      fixes: WHAT_OBJECT,
    });
  }
  const cause = causeOf(error, machine) ?? suspect(error, machine);
  if (cause === undefined) return unexplained(error, machine);
  const isNamed = error.errno !== undefined && !(error instanceof VerifierError);
  const failure = isNamed ? `load BPF programs: ${libbpfErrorName(error.errno)}` : "load BPF programs";
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
    return sure(whenDenied) ?? judge(answeredBy(machine, "lsm"), machine, true);
  }
  if (error.errno === ENOSYS) return sure(["bpf_syscall"]) ?? judge(answeredBy(machine, "bpf_syscall"), machine, true);
  return sure(otherwise);
}

/** What answers bpf(2) with an error of its own: a seccomp filter, as far as there is one. */
function answeredBy({ seccompFiltered }: Machine, otherwise: CheckName): CheckName {
  return seccompFiltered === true ? "seccomp" : otherwise;
}

/** What may have led to an error that says something else: without a file to spare libbpf takes features for missing. */
function suspect(error: EbpfError, machine: Machine): Finding | undefined {
  if (judge("open_files", machine).status === "note") return judge("open_files", machine, true);
  return error instanceof LibbpfError ? causeOfRefusal(machine) : undefined;
}

/** Where a relocation found nothing, libbpf has put a call that the verifier refuses: the types are not this kernel's. */
function causeOfRefusal(machine: Machine): Finding | undefined {
  return machine.btfPath !== KERNEL_BTF ? judge("btf", machine, true) : undefined;
}

function unexplained(error: EbpfError, { seccompFiltered }: Machine): EbpfError {
  // Of a refusal by the verifier a filter knows nothing.
  const mayBeFiltered = seccompFiltered === true && !(error instanceof VerifierError);
  const finding = {
    ...missing("test", error.message),
    fixes: [
      ...(mayBeFiltered ? [`The seccomp filter on this process may have answered bpf(2) so. ${RUN_ON_HOST}`] : []),
      `${mayBeFiltered ? "Else this" : "This"} is a bug, or a kernel that is not supported yet: please report it with ` +
        "what --verbose prints, the verifier's whole log.",
      ...(error instanceof LibbpfError ? [`Or the compiled BPF programs are damaged. ${BUILD_ANEW}`] : []),
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
