import { typeAt, type Btf, type BtfType } from "./btf.ts";
import { malformed } from "./json-fields.ts";

/** A variable as the compiler recorded it, with the section it lies in. */
export interface PlacedVariable {
  readonly section: string;
  readonly name: string;
  readonly target: number;
  readonly linkage: string;
}

/** Returns the variables of the sections that `accept` takes, by name. */
export function variablesIn(btf: Btf, accept: (section: string) => boolean): PlacedVariable[] {
  return btf
    .flatMap((type) => (type.kind === "section" && accept(type.name) ? placed(btf, type) : []))
    .sort((left, right) => (left.name < right.name ? -1 : 1));
}

function placed(btf: Btf, section: BtfType & { readonly kind: "section" }): PlacedVariable[] {
  return section.variables.map((id) => {
    const variable = typeAt(btf, id);
    if (variable.kind !== "variable") throw malformed(`section ${section.name}`, "holds something that is no variable");
    return { section: section.name, name: variable.name, target: variable.target, linkage: variable.linkage };
  });
}
