import { resolve, typeAt, type Btf } from "./btf.ts";
import { malformed } from "./json-fields.ts";

/** Returns the size in bytes of a type; 0 for one that has none, such as `void` or a struct that is only declared. */
export function sizeOf(btf: Btf, id: number): number {
  let count = 1;
  let at = id;
  for (let depth = 0; depth <= btf.length; depth++) {
    const type = typeAt(btf, resolve(btf, at));
    if (type.kind === "array") {
      count *= type.length;
      at = type.element;
    } else if (type.kind === "pointer") return count * 8;
    else return "size" in type ? count * type.size : 0;
  }
  throw malformed(`type ${id}`, "is an array of itself");
}
