/** The exact bytes of a text: those of its `_base64` twin if it has one, or its own. */
export function bytesOf(text: string | undefined, twin: string | null | undefined): Buffer | undefined {
  if (twin !== undefined && twin !== null) return Buffer.from(twin, "base64");
  return text === undefined ? undefined : Buffer.from(text);
}
