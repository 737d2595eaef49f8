import type { ErrorObject } from "ajv";

/** A JSON pointer as people write paths: `/searches/0/budget` -> `searches[0].budget`. */
function readablePath(pointer: string): string {
  if (pointer === "") return "the document";
  return pointer
    .slice(1)
    .split("/")
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"))
    .reduce((text, part) => {
      if (/^\d+$/.test(part)) return `${text}[${part}]`;
      if (!/^[\w$-]+$/.test(part)) return `${text}[${JSON.stringify(part)}]`;
      return text === "" ? part : `${text}.${part}`;
    }, "");
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

/** What is wrong with a value, for the keywords whose ajv message does not read as a sentence after the value. */
const COMPLAINTS: Readonly<Record<string, (limit: string) => string>> = {
  minimum: (limit) => `is less than ${limit}`,
  maximum: (limit) => `is more than ${limit}`,
  exclusiveMinimum: (limit) => `is not more than ${limit}`,
  exclusiveMaximum: (limit) => `is not less than ${limit}`,
  minLength: (limit) => (limit === "1" ? "is empty" : `has fewer characters than ${limit}`),
  maxLength: (limit) => `has more characters than ${limit}`,
  minItems: (limit) => (limit === "1" ? "is empty" : `has fewer entries than ${limit}`),
  maxItems: (limit) => `has more entries than ${limit}`,
  minProperties: (limit) => (limit === "1" ? "is empty" : `has fewer fields than ${limit}`),
  maxProperties: (limit) => `has more fields than ${limit}`,
  uniqueItems: () => "names an entry twice",
  not: () => "is not allowed",
  pattern: (form) => `is not of the form ${form}`,
};

/** A failed oneOf or anyOf whose branches all want another kind of value, as one fault. */
interface Alternatives {
  readonly keyword: "alternatives";
  readonly instancePath: string;
  readonly data: unknown;
  readonly wanted: readonly string[];
}

type Fault = ErrorObject | Alternatives;

function wantedBy(error: ErrorObject): string[] {
  if (error.keyword === "type") return [error.params.type].flat().map((type) => `of type ${type}`);
  return [error.params.allowedValues ?? [error.params.allowedValue]].flat().map(shown);
}

function describe(fault: Fault): string {
  const where = readablePath(fault.instancePath);
  if (fault.keyword === "alternatives") {
    const { data, wanted } = fault as Alternatives;
    return `${where}: ${shown(data)} is not allowed; it must be ${wanted.join(" or ")}`;
  }
  const error = fault as ErrorObject;
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
      return `${where}: ${shown(error.data)} is not allowed; one of ${wantedBy(error).join(", ")}`;
    case "const":
      return `${where}: ${shown(error.data)} is not allowed; it must be ${wantedBy(error).join()}`;
    case "type":
      return `${where}: ${shown(error.data)} is not of type ${[params.type].flat().join(" or ")}`;
    default: {
      const meaning = (error.parentSchema as { description?: string } | undefined)?.description;
      const complaint = COMPLAINTS[error.keyword]?.(String(params.limit ?? params.pattern)) ?? error.message;
      return `${where}: ${shown(error.data)} ${complaint}${meaning === undefined ? "" : ` (${meaning.replace(/\.$/, "")})`}`;
    }
  }
}

const isComposite = ({ keyword }: Fault) => keyword === "oneOf" || keyword === "anyOf";
const isAboutKind = ({ keyword }: Fault) => keyword === "type" || keyword === "const" || keyword === "enum";

/**
 * What the branches of a failed oneOf or anyOf say, as far as it helps: the faults inside the branch whose kind of value
 * was given, or if it is no branch's kind, all kinds together.
 */
function withoutOtherBranches(faults: readonly Fault[], composite: ErrorObject): Fault[] {
  const { instancePath, data } = composite;
  const inside = (fault: Fault) =>
    !isComposite(fault) && (fault.instancePath === instancePath || fault.instancePath.startsWith(`${instancePath}/`));
  const ofKind = (fault: Fault) => fault.instancePath === instancePath && isAboutKind(fault);
  const branchFaults = faults.filter(inside);
  if (branchFaults.length === 0) return [...faults];
  const rest = faults.filter((fault) => fault !== composite && !(inside(fault) && ofKind(fault)));
  if (!branchFaults.every(ofKind)) return rest;
  const wanted = [...new Set((branchFaults as ErrorObject[]).flatMap(wantedBy))];
  return [...rest, { keyword: "alternatives", instancePath, data, wanted }];
}

const RANGES = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"];

/**
 * Turns ajv's errors into one sentence a fault, in the order found, without repeats: which field, which value, what is
 * allowed. Needs validators made with `allErrors` and `verbose`.
 * @param at JSON pointer of the validated part inside its document
 */
export function explainFaults(errors: readonly ErrorObject[], at = ""): string[] {
  // A fraction that should be an integer is one fault, also where it is out of range besides.
  const fractions = new Set(
    errors.filter(({ params }) => params.type === "integer").map((error) => error.instancePath),
  );
  let faults: Fault[] = errors.filter(
    ({ keyword, instancePath }) => !(RANGES.includes(keyword) && fractions.has(instancePath)),
  );
  for (const error of errors.filter(isComposite)) faults = withoutOtherBranches(faults, error);
  return [...new Set(faults.map((fault) => describe({ ...fault, instancePath: `${at}${fault.instancePath}` })))];
}
