/**
 * An expected failure of the generator: a missing tool, source that does not compile, a type that has no TypeScript form.
 * The message says what was attempted and why it failed; `hint` says how to mend it, where that is known.
 */
export class GeneratorError extends Error {
  override readonly name: string = "GeneratorError";
  readonly hint: string | undefined;

  constructor(message: string, hint?: string) {
    super(message);
    this.hint = hint;
  }
}
