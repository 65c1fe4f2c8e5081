import type { Guest } from "./matrix.ts";
import { modes } from "./settings.ts";

/** The test files that a guest runs, under test/kernel: those that say something of a kernel. */
export const essential = ["truth/status", "truth/exec", "truth/running", "truth/usage", "losses", "preemption"];
const REST = ["truth/argv", "truth/cgroup", "truth/family", "truth/identity", "truth/namespaces", "privileges"];

/** What is in the names of the tests of these that matter most: `--short` runs no other. */
export const mostImportant = [
  "is told with the name as given, what really runs, and the working directory",
  "by a thread that is not the main one",
  "after another in the same process ends the first image",
  "every exit code, and every signal that can end one",
  "whose nine threads race to the end",
  "when exec itself was fatal",
  "when the main thread ended long before",
  "is told for every reason, as the caller was",
  "is told as /proc tells it, and so is its end",
  "short programs that wait",
  "for programs of many threads",
  "from the start of the process on",
  "and events seen are events made, exactly",
  "are all told, none twice, in full",
  "are all told where exec fails, too",
] as const;

/** Where there is no native module, the monitor only says so. */
const NO_MONITOR = `echo "monitor $(./ebpf-bootstrap 2>&1 | tr '\\n' ' ')"`;

export interface SuiteOptions {
  /** Runs only the tests that matter most. */
  readonly isShort: boolean;
  /** Also looks which fields there are in records. */
  readonly isSurveyed: boolean;
}

/** What a guest runs as its command: prints lines that `parseOutput` understands. */
export function suiteCommand({ architecture }: Guest, { isShort, isSurveyed }: SuiteOptions): string {
  const { native, slowness, littleEndian } = architecture;
  const object = `src/probe/probe_bpfe${littleEndian ? "l" : "b"}.o`;
  const files = isShort ? essential : [...essential, ...REST];
  const pattern = isShort ? ` --test-name-pattern='${mostImportant.join("|")}'` : "";
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
${isSurveyed && native !== undefined ? "node test/vm/survey.js" : ""}
${native === undefined ? NO_MONITOR : `node --test-force-exit --test-reporter=./test/vm/report.js${pattern} test/vm/run-tests.js ${paths}`}
`;
}
