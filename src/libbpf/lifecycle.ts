type State = "opened" | "loaded" | "closed";

/**
 * How far an object has come, shared with the programs and maps found in it. libbpf does not notice a use at the wrong
 * time: it reads memory that is gone, or answers with something else.
 */
export class Lifecycle {
  #state: State = "opened";

  /** Notes that the object has been loaded, or closed. */
  advance(state: "loaded" | "closed"): void {
    this.#state = state;
  }

  /** @throws {TypeError} that says what was attempted and what state the object is in, unless it is one of these */
  require(attempt: string, ...states: readonly State[]): void {
    if (!states.includes(this.#state)) throw new TypeError(`${attempt}: the BPF object is ${this.#state}`);
  }
}
