import type { Image, ProcessEvent } from "../../event/event.ts";
import { commandLine } from "../command-line.ts";
import { printable } from "../printable.ts";
import { notApplicable, unknown, valueText, type Column } from "./column.ts";
import { optionalText } from "./of-process.ts";

/** What a process runs; when it ends, what it ran. */
export const programColumns = {
  args: {
    name: "args",
    header: "ARGS",
    meaning: "the arguments, quoted as for a shell; after them \\... if there are more",
    cells: 24,
    fit: "grow",
    needsFullEvent: true,
    text: ofImage(argsText),
  },
  command: {
    name: "command",
    header: "COMMAND",
    meaning: "the arguments; where there are none the file, and the name of a kernel thread in brackets",
    cells: 24,
    fit: "grow",
    needsFullEvent: true,
    text: commandText,
  },
  filename: {
    name: "filename",
    header: "FILENAME",
    meaning: "the program's path as given to the exec",
    cells: 24,
    fit: "grow",
    needsFullEvent: true,
    text: filenameText,
  },
  exe: {
    name: "exe",
    header: "EXE",
    meaning: "path of what really runs: of a script, its interpreter; \\deleted or \\memfd if it has no file",
    cells: 24,
    fit: "grow",
    needsFullEvent: true,
    text: ofImage((image) => `${knownText(image.exe)}${exeMark(image)}`),
    tail: ofImage(exeMark),
  },
  interpreter: {
    name: "interpreter",
    header: "INTERPRETER",
    meaning: "of a script, the interpreter that runs, as the script names it",
    cells: 16,
    fit: "grow",
    needsFullEvent: true,
    text: interpreterText,
  },
  cwd: {
    name: "cwd",
    header: "CWD",
    meaning: "working directory when the program began; \\deleted if it has been deleted",
    cells: 16,
    fit: "grow",
    needsFullEvent: true,
    text: (event) => (event.kind === "exec_failed" ? cwdText(event) : imageCwd(event)),
    tail: (event) => (event.kind === "exec_failed" ? cwdMark(event) : imageCwdMark(event)),
  },
} as const satisfies Readonly<Record<string, Column>>;

/** The text of a column that tells what is in a process's memory. */
function ofImage(read: (image: Image) => string): (event: ProcessEvent) => string {
  return (event) => {
    if (event.kind === "fork" || event.kind === "exec_failed" || isKernelThread(event)) return notApplicable;
    return event.image === undefined ? unknown : read(event.image);
  };
}

const imageCwd = ofImage(cwdText);

const imageCwdMark = ofImage(cwdMark);

type WorkingDirectory = Pick<Image, "cwd" | "cwdDeleted">;

function cwdText({ cwd, cwdDeleted }: WorkingDirectory): string {
  return `${knownText(cwd)}${cwdMark({ cwdDeleted })}`;
}

function cwdMark({ cwdDeleted }: Pick<WorkingDirectory, "cwdDeleted">): string {
  return cwdDeleted ? deletedMark : "";
}

/** No path is shown with a single backslash in it. */
const deletedMark = " \\deleted";

const imageInterpreter = ofImage(({ interpreter }) => optionalText(interpreter));

function interpreterText(event: ProcessEvent): string {
  const text = imageInterpreter(event);
  // Only an exec tells of it.
  return event.kind === "running" && text === notApplicable && !isKernelThread(event) ? unknown : text;
}

function isKernelThread({ process }: ProcessEvent): boolean {
  return process?.kernelThread === true;
}

function knownText(text: string | undefined): string {
  return text === undefined ? unknown : valueText(text);
}

function exeMark({ memfd, deleted }: Image): string {
  if (memfd) return " \\memfd";
  return deleted ? deletedMark : "";
}

function argsText({ argv, argvTruncated }: Image): string {
  if (argv === undefined) return unknown;
  const line = commandLine(argv, argvTruncated);
  return line === notApplicable ? "'-'" : line;
}

function filenameText(event: ProcessEvent): string {
  switch (event.kind) {
    case "fork":
      return notApplicable;
    case "exec":
    case "exec_failed":
      return event.filenameCut ? `${printable(event.filename ?? "")}\\...` : knownText(event.filename);
    case "exit":
    case "running":
      return isKernelThread(event) ? notApplicable : knownText(event.filename);
  }
}

function commandText(event: ProcessEvent): string {
  if (event.kind === "fork") return notApplicable;
  if (isKernelThread(event)) return `[${printable(event.comm)}]`;
  if (event.kind === "exec_failed") return filenameText(event);
  const { image } = event;
  if (image?.argv !== undefined && image.argv.length > 0) return argsText(image);
  return event.filename === undefined ? knownText(image?.exe) : filenameText(event);
}
