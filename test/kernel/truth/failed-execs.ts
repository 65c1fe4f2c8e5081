import { kernelEnumHasValue } from "../../../src/libbpf/kernel-btf.ts";

/** Whether the monitor can tell failed execs on this kernel: those before 5.11 lack what that needs. */
export const failedExecsAreTold = kernelEnumHasValue("bpf_func_id", "BPF_FUNC_get_current_task_btf");

/** For tests of them: runs them, or says why not. */
export const ifFailedExecsAreTold = { skip: !failedExecsAreTold && "not on this kernel: failed execs are not told" };
