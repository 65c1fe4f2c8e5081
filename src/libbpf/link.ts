import type { Pointer } from "../libc/libc.ts";
import { libbpf } from "./native.ts";

/** An attached program. It fires until the link is closed, or the process ends. */
export class Link {
  #link: Pointer | undefined;

  /** Takes ownership of a `struct bpf_link`. */
  constructor(link: Pointer) {
    this.#link = link;
  }

  /** The link's file descriptor. */
  get fd(): number {
    if (this.#link === undefined) throw new TypeError("get the descriptor of a link: it is closed");
    return libbpf.bpf_link__fd(this.#link);
  }

  /** Detaches the program. Idempotent. */
  close(): void {
    if (this.#link === undefined) return;
    libbpf.bpf_link__destroy(this.#link);
    this.#link = undefined;
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
