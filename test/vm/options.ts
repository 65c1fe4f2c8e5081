import { Command, InvalidArgumentError } from "commander";
import { guests, type Guest } from "./matrix.ts";

/** Which kernels are to be tested, and how. */
export interface Options {
  readonly chosen: readonly Guest[];
  /** Only the tests that matter most. */
  readonly isShort: boolean;
  /** Whether docs/kernel-support.md is to be written, from the last results of each guest. */
  readonly isDocumented: boolean;
  /** After how long it ends, and says what was not tested; undefined: never. */
  readonly minutes: number | undefined;
}

interface Values {
  readonly submission?: true;
  readonly short?: true;
  readonly document?: true;
  readonly minutes?: number;
}

/** @throws {CommanderError} with an exit code of 0 after `--help`, or with one line that says what is wrong and allowed */
export function parseOptions(argv: readonly string[]): Options {
  const command = new Command("make test-kernels")
    .usage('ARGS="[OPTION...] [NAME...]"')
    .description("Boots other kernels in emulated machines, and has each run the kernel tests.")
    .argument(
      "[name...]",
      "only kernels of these names, or, where none has it, with this in their name",
      appendName,
      [],
    )
    .option("--submission", "only those that every submission is tested on")
    .option("--short", "only the tests that matter most")
    .option("--minutes <n>", "end after so long, and say what was not tested", parseMinutes)
    .option("--document", "write docs/kernel-support.md, from the last results of each")
    .addHelpText("after", `\nKernels: ${guests.map(({ name }) => name).join(", ")}`)
    .exitOverride()
    .configureOutput({ writeErr: () => undefined });
  command.parse(argv, { from: "user" });
  const { submission, short, document, minutes } = command.opts<Values>();
  const names = (command.processedArgs[0] ?? []) as readonly string[];
  const chosen = guests.filter(
    ({ name, everySubmission }) =>
      (submission !== true || everySubmission === true) &&
      (names.length === 0 || names.some((given) => isMeant(name, given))),
  );
  if (chosen.length === 0) command.error("error: --submission leaves none of these kernels");
  return { chosen, isShort: short === true, isDocumented: document === true, minutes };
}

function isMeant(name: string, given: string): boolean {
  return guests.some((guest) => guest.name === given) ? name === given : name.includes(given);
}

function appendName(given: string, before: readonly string[] = []): readonly string[] {
  if (guests.some(({ name }) => isMeant(name, given))) return [...before, given];
  throw new InvalidArgumentError(`There is ${guests.map(({ name }) => name).join(", ")}.`);
}

function parseMinutes(text: string): number {
  const value = Number(text);
  if (value > 0) return value;
  throw new InvalidArgumentError("It must be a number above 0.");
}
