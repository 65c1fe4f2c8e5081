/** A global variable of a BPF program: where it lies, and how its C type is read and written. bpf2ts generates these. */
export interface Variable<T> {
  /** The section that holds it: `.rodata`, `.data`, `.bss`, or one of the program's own such as `.data.config`. */
  readonly section: string;
  /** Bytes from the beginning of the section. */
  readonly offset: number;
  /** Bytes. */
  readonly size: number;
  decode(view: DataView, offset: number): T;
  encode(view: DataView, offset: number, value: T): void;
}
