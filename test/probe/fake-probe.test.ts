import { FakeProbe } from "./fake-probe.ts";
import { describeProbe } from "./probe-contract.ts";
import { execRecord, exitRecord } from "./record.ts";

let nextPid = 1000;

describeProbe("a probe over a ring in memory", {
  open: ({ ringSize }) => new FakeProbe(ringSize),
  runProgram(probe, code) {
    const pid = nextPid++;
    if (!(probe instanceof FakeProbe)) throw new TypeError("not a fake probe");
    probe.emit(execRecord("/bin/program", { pid }));
    probe.emit(exitRecord(code << 8, 1_000_000n, { pid }));
    return Promise.resolve(pid);
  },
});
