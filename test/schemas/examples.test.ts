import { describe, expect, test } from "vitest";
import { sharedTemporaryFolder } from "../helpers/temporary-folder.ts";
import { differences, errorOf, examples, faultsOf, readExample, THINGS } from "./example-files.ts";

const folder = sharedTemporaryFolder();

const CODES: Readonly<Record<string, readonly string[]>> = {
  "cost-card": ["NAS_TABLE_CORRUPT"],
  "cost-mapping": ["NAS_SCHEMA"],
  "csv-mapping": ["NAS_SCHEMA"],
  "dataset-sources": ["NAS_SCHEMA"],
  "plugin-manifest": ["NAS_PLUGIN_MANIFEST"],
  protocol: ["NAS_SCHEMA", "NAS_PROTOCOL_INVALID"],
  "published-results": ["NAS_SCHEMA"],
  recipe: ["NAS_SCHEMA"],
  record: ["NAS_RECORD_CORRUPT"],
  "run-summary": ["NAS_SCHEMA"],
  submission: ["NAS_SCHEMA"],
  "submitted-run": ["NAS_SCHEMA"],
  "table-card": ["NAS_TABLE_CORRUPT"],
  "table-plan": ["NAS_SCHEMA"],
  "table-sources": ["NAS_SCHEMA"],
  verification: ["NAS_SCHEMA"],
  "verification-statement": ["NAS_SCHEMA"],
  "wire-message": ["NAS_GUEST_MESSAGE"],
};

/** Faults whose explanation rightly names another field than the one that differs, or that take two changes. */
const EXCEPTIONS: Readonly<Record<string, { readonly named: string; readonly places: number }>> = {
  // The last column is gone: what holds the columns is empty.
  "architecture-without-column": { named: "architecture", places: 1 },
  // Any change of content shows in the digest.
  "accuracy-changed": { named: "digest", places: 1 },
  // The only option is gone: what holds the options is empty.
  "variant-options-empty": { named: "options", places: 1 },
  // A checksum of too few digits is told by its value, an archive of the wrong kind by the field that asks to unpack it.
  "checksum-of-all-digits-too-short": { named: "checksum", places: 1 },
  "unpack-of-no-zip": { named: "unpack", places: 1 },
  // A column's name ends with its split, so both had to change.
  "report-column-twice": { named: "column", places: 2 },
};

test("each thing has examples", () => {
  expect(THINGS).toEqual(Object.keys(CODES).sort());
  for (const thing of THINGS) {
    expect(examples(thing, "valid").length, thing).toBeGreaterThanOrEqual(2);
    expect(examples(thing, "invalid").length, thing).toBeGreaterThanOrEqual(8);
  }
});

describe.each(THINGS)("schemas/examples/%s", (thing) => {
  const valid = examples(thing, "valid");

  test.each(valid)("$title is accepted", (example) => {
    expect(() => readExample(thing, example, folder)).not.toThrow();
  });

  test.each(examples(thing, "invalid"))("$title is refused with that one fault", (example) => {
    // One fault a file: it differs from a valid example in one place.
    const candidates = valid.map(({ document }) => differences(document, example.document));
    const places = candidates.reduce((least, one) => (one.length < least.length ? one : least));
    const exception = EXCEPTIONS[example.name];
    expect(places, `differs at ${places.join(" and ")}`).toHaveLength(exception?.places ?? 1);

    const error = errorOf(thing, example, folder);
    expect(CODES[thing]).toContain(error?.code);
    const faults = error === null ? [] : faultsOf(error);
    expect(faults).toHaveLength(1);
    const place = places[0] as string[];
    const field = exception?.named ?? place.findLast((part) => !/^\d+$/.test(part)) ?? "the document";
    const mentions = faults[0]?.includes(field) || faults[0]?.includes(valueAt(example, place));
    expect(mentions, `${faults[0]} does not mention ${field}`).toBe(true);
  });
});

/** A value that an explanation may name instead of its field, e.g. `two searches are named shapes`. */
function valueAt(example: { document: unknown }, place: readonly string[]): string {
  const value = place.reduce<unknown>((part, key) => (part as Record<string, unknown>)?.[key], example.document);
  return typeof value === "string" && value !== "" ? value : "\0";
}
