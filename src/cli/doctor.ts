import { Command } from "commander";
import { diagnose } from "../doctor/diagnose.ts";
import { diagnosisJson, diagnosisText } from "../doctor/report.ts";
import { parseFile } from "./options.ts";
import { sayMessage } from "./say.ts";
import { printUsageError } from "./usage-error.ts";

interface DoctorOptions {
  readonly json?: boolean;
  readonly btf?: string;
  readonly keepPrivileges?: boolean;
  readonly verbose?: boolean;
}

/**
 * Runs `ebpf-bootstrap doctor` with the arguments after that word; returns whether the monitor works here. Throws
 * commander's error for help and wrong usage, as `parseOptions` does.
 */
export async function doctor(argv: readonly string[]): Promise<boolean> {
  const command = new Command("ebpf-bootstrap doctor")
    .description("Looks at what the monitor needs of this machine, says how to mend what is missing, and tries it out.")
    .option("--json", "one JSON object instead of lines")
    .option("--btf <file>", "the kernel's types, where it does not show them itself", parseFile)
    .option("--keep-privileges", "for a monitor that is to stay root")
    .option("-v, --verbose", "libbpf's own messages too, on standard error")
    .helpOption("-h, --help", "print this help")
    .addHelpText("after", "\nExit status: 0 the monitor works here, 1 it does not, 2 wrong usage.")
    .showHelpAfterError("Try `ebpf-bootstrap doctor --help`.")
    .configureOutput({ outputError: printUsageError })
    .exitOverride();
  const { json, btf, keepPrivileges, verbose } = command.parse(argv, { from: "user" }).opts<DoctorOptions>();
  const diagnosis = await diagnose({
    ...(btf !== undefined && { btfPath: btf }),
    ...(keepPrivileges !== true && {
      giveUpRights: async () => {
        // Loaded late, as the monitor is: it needs the native module.
        const { dropPrivileges, lesserIdentity } = await import("./privileges.ts");
        dropPrivileges(lesserIdentity(undefined, process.env));
      },
    }),
    ...(verbose === true && { onMessage: sayMessage }),
  });
  process.stdout.write(json === true ? diagnosisJson(diagnosis) : diagnosisText(diagnosis));
  return diagnosis.ok;
}
