import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { ContainedMonitor } from "./contained-monitor.ts";
import { fixture } from "./fixture.ts";
import { Installation, copyProgram, deployFile } from "./installation.ts";
import { Held } from "./truth/held.ts";

const manifest = deployFile("kubernetes.yaml");

/** The capabilities that the manifest grants, as setpriv names them. */
const granted = Array.from(/\badd: \[(.*)\]/.exec(manifest)?.[1]?.matchAll(/\w+/g) ?? [], ([name]) =>
  name.toLowerCase(),
);

const installation = new Installation();
after(() => {
  installation[Symbol.dispose]();
});
const image = join(installation.path, "image");
makeImage();

/** A root file system with no more in it than deploy/Dockerfile puts there, as far as the program is concerned. */
function makeImage(): void {
  for (const folder of ["proc", "sys", "dev", "tmp", "etc", "opt/ebpf-bootstrap"]) {
    mkdirSync(join(image, folder), { recursive: true });
  }
  writeFileSync(join(image, "etc/passwd"), "root:x:0:0::/:\nnobody:x:65534:65534::/:\n");
  const libbpf = /libbpf\.so\.1 .* => (\S+)/.exec(execFileSync("/sbin/ldconfig", ["-p"], { encoding: "utf8" }))?.[1];
  const setpriv = execFileSync("sh", ["-c", "command -v setpriv"], { encoding: "utf8" }).trim();
  for (const program of [installation.node, libbpf ?? "", setpriv]) copyProgram(program, image);
  for (const part of ["package.json", "dist", "node_modules"]) {
    renameSync(join(installation.path, part), join(image, "opt/ebpf-bootstrap", part));
  }
}

/** The program in the container, as an engine would start it by the manifest; in namespaces for which unshare has names. */
function inContainer(...namespaces: readonly string[]): string[] {
  const set = ["-all", ...granted.map((name) => `+${name}`)].join();
  const enter = fileURLToPath(new URL("../fixtures/enter-image.sh", import.meta.url));
  const program = [installation.node, "/opt/ebpf-bootstrap/dist/src/cli/main.js"];
  return ["unshare", "--mount", "--uts", "--ipc", "--net", ...namespaces, enter, image, set, ...program];
}

describe("the container", () => {
  it("gets no other capabilities than loading and giving up root take", () => {
    assert.deepEqual(granted, ["bpf", "perfmon", "setuid", "setgid"]);
    assert.match(manifest, /drop: \["ALL"\]/);
    assert.match(manifest, /runAsUser: 0\n *allowPrivilegeEscalation: false\n *readOnlyRootFilesystem: true/);
  });

  it("is all that the doctor asks for", () => {
    const { status, stdout, stderr } = spawnSync("env", [...inContainer(), "doctor"], { encoding: "utf8" });
    assert.deepEqual([status, stderr], [0, ""], stdout);
    assert.match(stdout, /^note +capabilities +CAP_BPF, CAP_PERFMON, as root: .*\(--env\) are missing$/m);
  });

  it("shows every process of the machine, those that ran already too, and has no rights left by then", async () => {
    await using held = await Held.start(fixture("hold"), ["argument"]);
    await using monitor = await ContainedMonitor.startProgram(inContainer());
    await monitor.until(() => monitor.records.some(({ pid }) => pid === held.pid), "find a process outside");
    const running = monitor.records.find(({ pid }) => pid === held.pid);
    assert.deepEqual([running?.type, running?.argv?.at(-1), running?.missing], ["running", "argument", undefined]);
    const status = readFileSync(`/proc/${monitor.pid}/status`, "utf8");
    assert.match(status, /^Uid:\t65534\t65534\t65534\t65534$/m);
    for (const set of ["Inh", "Prm", "Eff", "Amb"]) assert.match(status, new RegExp(`^Cap${set}:\t0+$`, "m"));
    assert.match(status, /^NoNewPrivs:\t1$/m);
    assert.equal(monitor.stderr, "");
    const signalled = (capabilities: string) =>
      spawnSync("setpriv", [`--bounding-set=${capabilities}`, "--inh-caps=-all", "kill", "-0", String(monitor.pid)])
        .status;
    assert.deepEqual([signalled("-all"), signalled("-all,+kill")], [1, 0], "root here needs CAP_KILL");
    await monitor.end();
  });

  it("shows every process of the machine without hostPID too, and says what is missing then", async () => {
    await using held = await Held.start(fixture("hold"), ["argument"]);
    await using monitor = await ContainedMonitor.startProgram(inContainer("--pid", "--fork"));
    await held.release();
    const ended = () => monitor.records.find(({ type, pid }) => type === "exit" && pid === held.pid);
    await monitor.until(() => ended() !== undefined, "see a process outside end");
    assert.deepEqual(ended()?.exit_code, 0);
    await monitor.end();
    assert.match(monitor.stderr, /^ebpf-bootstrap: this is a container's PID namespace: /);
  });
});
