import { readFeatures } from "../../../src/probe/features.ts";

/** Whether the monitor can tell failed execs on this kernel: those before 5.11 lack what that needs. */
export const failedExecsAreTold = readFeatures({}).failedExecs;

/** For tests of them: runs them, or says why not. */
export const ifFailedExecsAreTold = { skip: !failedExecsAreTold && "not on this kernel: failed execs are not told" };
