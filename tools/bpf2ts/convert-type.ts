import { resolve, typeAt, type BtfInteger, type BtfType } from "./btf.ts";
import { convertEnum } from "./convert-enum.ts";
import { convertRecord } from "./convert-record.ts";
import { describeType } from "./describe-type.ts";
import { valueSize, type IntegerValue, type Value } from "./model.ts";
import { unsupported, withinType, type Route, type TypeRegistry } from "./type-registry.ts";

/**
 * Returns how a value of the type is laid out, and enters the structs, unions and enums in it into the registry.
 * Throws, with the path to the culprit, if any part has no TypeScript form.
 */
export function convertType(registry: TypeRegistry, id: number, route: Route): Value {
  const { btf } = registry;
  const target = resolve(btf, id);
  const type = typeAt(btf, target);
  const named = { ...route, typedef: lastTypedef(registry, id) ?? route.typedef };
  const integer = (size: number, signed: boolean): IntegerValue => {
    if (size === 1 || size === 2 || size === 4 || size === 8) {
      return { kind: "integer", size, signed, cType: describeType(btf, id) };
    }
    throw unsupported(registry, id, route.path, `integers of ${size} bytes are not supported`);
  };
  switch (type.kind) {
    case "integer": {
      if (!type.whole) throw unsupported(registry, id, route.path, "it does not fill its bytes");
      const value = integer(type.size, type.encoding === "signed");
      return type.encoding === "boolean" ? { kind: "boolean", size: type.size } : value;
    }
    case "float":
      if (type.size === 4 || type.size === 8) return { kind: "float", size: type.size };
      throw unsupported(registry, id, route.path, `floating-point numbers of ${type.size} bytes are not supported`);
    case "pointer":
      return integer(8, false);
    case "enum":
      convertEnum(registry, target, type, named);
      return integer(type.size, type.signed);
    case "array":
      return withinType(registry, target, () => convertArray(registry, id, type, named));
    case "struct":
    case "union":
      return { kind: "record", record: convertRecord(registry, target, type, named, convertType) };
    case "forward":
      throw unsupported(registry, id, route.path, "it is declared but not defined");
    case "void":
    case "function":
    case "typedef":
    case "qualifier":
    case "variable":
    case "section":
    case "other":
      throw unsupported(registry, id, route.path, "values of this kind have no TypeScript form");
  }
}

/** The typedef next to the type itself: an unnamed struct gets its name, however many stand before it. */
function lastTypedef({ btf }: TypeRegistry, id: number): string | undefined {
  let name: string | undefined;
  for (
    let type = typeAt(btf, id);
    type.kind === "typedef" || type.kind === "qualifier";
    type = typeAt(btf, type.target)
  ) {
    if (type.kind === "typedef") name = type.name;
  }
  return name;
}

function convertArray(registry: TypeRegistry, id: number, array: BtfType & { kind: "array" }, route: Route): Value {
  if (array.length === 0) {
    throw unsupported(registry, id, route.path, "an array without a length is supported only at the end of a struct");
  }
  const base = typeAt(registry.btf, resolve(registry.btf, array.element));
  if (isNamed(base, "char")) return { kind: "text", size: array.length };
  if (isNamed(base, "unsigned char")) return { kind: "bytes", size: array.length };
  const element = convertType(registry, array.element, { ...route, path: `${route.path}[]` });
  return { kind: "list", length: array.length, stride: valueSize(element), element };
}

function isNamed(type: BtfType, name: BtfInteger["name"]): boolean {
  return type.kind === "integer" && type.size === 1 && type.name === name;
}
