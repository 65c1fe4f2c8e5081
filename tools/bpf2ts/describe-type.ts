import { typeAt, type Btf } from "./btf.ts";

/** Returns a type about as C would spell it, for messages. */
export function describeType(btf: Btf, id: number, depth = 0): string {
  const type = typeAt(btf, id);
  switch (type.kind) {
    case "void":
      return "void";
    case "integer":
    case "float":
    case "typedef":
      return type.name;
    case "struct":
    case "union":
    case "enum":
      return type.name === undefined ? `unnamed ${type.kind}` : `${type.kind} ${type.name}`;
    case "forward":
      return `${type.keyword} ${type.name}`;
    case "pointer":
      return "pointer";
    case "array":
      return depth < 8 ? `${describeType(btf, type.element, depth + 1)}[${type.length}]` : "array";
    case "qualifier":
      return depth < 8 ? describeType(btf, type.target, depth + 1) : "qualified type";
    case "function":
      return "function";
    case "variable":
    case "section":
    case "other":
      return `${type.kind} ${type.name}`;
  }
}
