import type { ErrorObject } from "ajv";

/** A JSON pointer as people write paths: `/searches/0/budget` -> `searches[0].budget`. */
function readablePath(pointer: string): string {
  if (pointer === "") return "the document";
  return pointer
    .slice(1)
    .split("/")
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"))
    .reduce((text, part) => (/^\d+$/.test(part) ? `${text}[${part}]` : text === "" ? part : `${text}.${part}`), "");
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

function describe(error: ErrorObject): string {
  const where = readablePath(error.instancePath);
  const params = error.params as Record<string, unknown>;
  switch (error.keyword) {
    case "required":
      return `${where}: the field "${params.missingProperty}" is missing`;
    case "additionalProperties": {
      const known = Object.keys((error.parentSchema as { properties?: object } | undefined)?.properties ?? {});
      const allowed = known.filter((name) => name !== "$schema").join(", ");
      return `${where}: unknown field "${params.additionalProperty}"${allowed === "" ? "" : `; allowed are ${allowed}`}`;
    }
    case "enum":
      return `${where}: ${shown(error.data)} is not allowed; one of ${(params.allowedValues as unknown[]).map(shown).join(", ")}`;
    case "const":
      return `${where}: ${shown(error.data)} is not allowed; it must be ${shown(params.allowedValue)}`;
    case "type":
      return `${where}: ${shown(error.data)} is not of type ${[params.type].flat().join(" or ")}`;
    default: {
      const meaning = (error.parentSchema as { description?: string } | undefined)?.description;
      return `${where}: ${shown(error.data)} ${error.message}${meaning === undefined ? "" : ` (${meaning.replace(/\.$/, "")})`}`;
    }
  }
}

/**
 * Turns ajv's errors into one sentence a fault, in the order found, without repeats: which field, which value, what is
 * allowed. Needs validators made with `allErrors` and `verbose`.
 */
export function explainFaults(errors: readonly ErrorObject[]): string[] {
  // A failed oneOf/anyOf repeats what its branches said; the branches say it better.
  const branches = errors.some((error) => error.keyword !== "oneOf" && error.keyword !== "anyOf");
  const telling = branches ? errors.filter((error) => !["oneOf", "anyOf"].includes(error.keyword)) : errors;
  return [...new Set(telling.map(describe))];
}
