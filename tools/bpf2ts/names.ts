import { GeneratorError } from "./generator-error.ts";

/** `exec_event` → `ExecEvent`; letters that are upper case in C stay so. */
export function pascalCase(name: string): string {
  const words = name.split("_").map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  const joined = words.join("");
  return /^[A-Z]/.test(joined) ? joined : `_${joined}`;
}

/** `ExecEvent` → `execEvent`. */
export function camelCase(pascal: string): string {
  return pascal.charAt(0).toLowerCase() + pascal.slice(1);
}

/** Whether a field is explicit padding, which has no meaning: `pad`, `_pad`, `__pad2`, `padding`, `_padding_1`. */
export function isPadding(name: string): boolean {
  return /^_*pad(?:ding)?_?\d*$/.test(name);
}

/** Returns a C name as the key of an object literal; throws for the one name that would set the prototype instead. */
export function propertyName(name: string, owner: string): string {
  if (name === "__proto__") {
    throw new GeneratorError(`name ${owner}: JavaScript reserves the property name __proto__`, "Rename it in C.");
  }
  return /^\w+$/.test(name) ? name : JSON.stringify(name);
}

/** The names at the top level of a generated module, each with what it stands for. */
export type Scope = Map<string, string>;

/** Returns a scope with those of the module's own names that a C type could also lead to. */
export function createScope(): Scope {
  return new Map(["Variable", "Variables", "decodeText"].map((name) => [name, "the module itself"]));
}

/** Takes a name for a C type; throws if another has it already. */
export function claim(scope: Scope, name: string, owner: string): void {
  const other = scope.get(name);
  if (other !== undefined) {
    throw new GeneratorError(
      `name ${owner}: its TypeScript name ${name} is already that of ${other}`,
      "Rename one of them in C.",
    );
  }
  scope.set(name, owner);
}

/** Returns the TypeScript name for a C type: globals that the generated code uses get an underscore appended. */
export function typeName(name: string): string {
  const pascal = pascalCase(name);
  return usedGlobals.has(pascal) ? `${pascal}_` : pascal;
}

const usedGlobals: ReadonlySet<string> = new Set([
  ...["Array", "BigInt", "Buffer", "DataView", "Math", "Number", "Object", "RangeError", "String", "TypeError", "URL"],
  ...["Uint8Array", "Boolean", "Function", "Symbol", "Error"],
]);
