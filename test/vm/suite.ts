import type { Guest } from "./matrix.ts";
import { modes } from "./settings.ts";

/** The test files that a guest runs, under test/kernel: those that say most of a kernel. */
const ESSENTIAL = ["truth/status", "truth/exec", "truth/running", "truth/usage", "losses"];
const REST = ["truth/argv", "truth/cgroup", "truth/family", "truth/identity", "truth/namespaces", "privileges"];

/** Tests of these that start a monitor each, for what says little of a kernel. */
const SLOW = "may have strange arguments|has its arguments cut|may have lost|may call exec then|has its environment";

/** Where there is no native module, the monitor only says so. */
const NO_MONITOR = `echo "monitor $(./ebpf-bootstrap 2>&1 | tr '\\n' ' ')"`;

/** What a guest runs as its command: prints lines that `parseOutput` understands. */
export function suiteCommand({ architecture }: Guest, isSubmission: boolean): string {
  const { native, slowness, littleEndian } = architecture;
  const object = `src/probe/probe_bpfe${littleEndian ? "l" : "b"}.o`;
  const files = isSubmission ? ESSENTIAL : [...ESSENTIAL, ...REST];
  const pattern = isSubmission ? ` --test-name-pattern='/^(?!${SLOW})/'` : "";
  const paths = files.map((file) => `test/kernel/${file}.test.js`).join(" ");
  return `cd /project
export TEST_SLOWNESS=${slowness} TEST_FIXTURES=/project/fixtures
for mode in ${modes.map((_, index) => index).join(" ")}; do
	echo "mode $mode"
	./load ${object} <settings/$mode
done
echo "mode 0"
./load ${object} ./fixtures/tiny 5 <settings/0
echo "mode ${modes.length - 1}"
./load ${object} ./fixtures/try-exec /nonexistent/program <settings/${modes.length - 1}
${native === undefined ? NO_MONITOR : `node test/vm/survey.js\nnode --test-reporter=./test/vm/report.js${pattern} test/vm/run-tests.js ${paths}`}
`;
}
