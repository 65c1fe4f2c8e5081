/** An event as a line of output tells it. */
export interface Sighting {
  readonly kind: "exec" | "exit";
  readonly pid: number;
}

/** A program to start, by its path. */
export interface Command {
  readonly argv: readonly [program: string, ...args: string[]];
  readonly env?: Readonly<Record<string, string>>;
}

/** A monitor that is measured, in one way of using it. */
export interface Contender {
  readonly name: string;
  /** What it is, in a line, with its version. */
  readonly title: string;
  /** The programs that are this monitor; one, unless execs and exits need one each. */
  readonly commands: readonly Command[];
  /** The same with a ring of so many bytes, if that can be set. */
  readonly withRing?: (bytes: number) => readonly Command[];
  /** What a line of its output says; undefined if that is neither an exec nor an exit. */
  readonly parse: (line: string) => Sighting | undefined;
  /** Whether it is to report the short processes of a storm; false where it filters them out. */
  readonly reports: boolean;
  /** Whether its events come from BPF programs. */
  readonly usesBpf: boolean;
  /** Whether a BPF program of this name serves execs, or exits; undefined of others. */
  readonly serves: (program: string) => "exec" | "exit" | undefined;
}
