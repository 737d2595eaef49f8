import { quoted } from "./lock-fault.ts";

/** An object of a JSON document, with nothing said about its fields. */
export type Fields = Readonly<Record<string, unknown>>;

/** Whether a part of a JSON document is an object. */
export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A package's dependencies: ranges of versions by name. */
export type Dependencies = Readonly<Record<string, string>>;

/** The harness brings itself into every plugin's process; it is never installed for one. */
export const HARNESS_PACKAGE = "nas-harness";

/** The fields that name packages which are installed for a plugin. */
export const DEPENDENCY_FIELDS = ["dependencies", "optionalDependencies", "peerDependencies"] as const;

const NAME = /^(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/i;
const LONGEST_NAME = 214;
/** A range or a tag, perhaps of a package of another name. No address, path or repository is without one of `/`, `:`, `#`. */
const RANGE = /^(?:npm:(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*@)?[\w .^~<>=|*+-]*$/i;

/** Whether npm takes a text as a package's name. */
export function isPackageName(name: string): boolean {
  return name.length <= LONGEST_NAME && name !== "node_modules" && NAME.test(name);
}

/** What is wrong with the dependencies that a document names: each must be a range of versions of a registry's package. */
export function dependencyFaults(fields: Fields, where: string): string[] {
  return DEPENDENCY_FIELDS.flatMap((field) => {
    const value = fields[field];
    if (value === undefined) return [];
    if (!isFields(value)) return [`${where}.${field}: ${quoted(value)} is no object`];
    return Object.entries(value).flatMap(([name, range]) => {
      if (name === HARNESS_PACKAGE) return [];
      if (!isPackageName(name)) return [`${where}.${field}: ${quoted(name)} is no name of a package`];
      if (typeof range === "string" && RANGE.test(range)) return [];
      return [`${where}.${field}.${name}: ${quoted(range)} is no range of versions; no address or path is allowed`];
    });
  });
}

/** A field's dependencies without the harness; none where there is no such field. Their faults were looked for before. */
export function dependenciesOf(fields: Fields, field: (typeof DEPENDENCY_FIELDS)[number]): Dependencies {
  const entries = Object.entries((fields[field] ?? {}) as Dependencies).filter(([name]) => name !== HARNESS_PACKAGE);
  return Object.fromEntries(entries);
}
