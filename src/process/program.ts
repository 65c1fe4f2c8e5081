import type { Image } from "../event/event.ts";

/** What runs in a process: the file name that exec was given, and what came of it. */
export interface Program {
  readonly filename: string | undefined;
  readonly image: Image | undefined;
}

/** The members that stand in a plain program's text. */
interface Members {
  readonly filename: string;
  readonly exe: string;
  readonly argv: readonly string[];
}

/**
 * A program of which nothing but plain text is known, as the members of a JSON object: `,"filename":…,"exe":…,"argv":…`.
 * Most are only ever written again like that, and those members are all that an exit needs.
 */
export class PlainProgram implements Program {
  readonly json: string;
  #members: Members | undefined;

  constructor(json: string) {
    this.json = json;
  }

  get filename(): string {
    return this.#parsed.filename;
  }

  get image(): Image {
    const { exe, argv } = this.#parsed;
    return {
      exe,
      argv,
      interpreter: undefined,
      cwd: undefined,
      cwdDeleted: false,
      argc: undefined,
      argvBytes: undefined,
      argvTruncated: false,
      env: undefined,
      envTruncated: false,
      memfd: false,
      deleted: false,
    };
  }

  get #parsed(): Members {
    return (this.#members ??= JSON.parse(`{${this.json.slice(1)}}`) as Members);
  }
}
