import type { Value } from "../model.ts";

/** Returns the TypeScript type of a value. */
export function typeText(value: Value): string {
  switch (value.kind) {
    case "integer":
      return value.size === 8 ? "bigint" : "number";
    case "boolean":
      return "boolean";
    case "float":
      return "number";
    case "bits":
      return value.result === "boolean" ? "boolean" : value.width > 32 ? "bigint" : "number";
    case "text":
      return "string";
    case "bytes":
      return "Uint8Array";
    case "list": {
      const element = typeText(value.element);
      return `readonly ${element.includes(" ") ? `(${element})` : element}[]`;
    }
    case "record":
      return value.record.name;
  }
}
