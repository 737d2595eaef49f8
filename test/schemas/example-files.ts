import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { HarnessError } from "../../core/errors/harness-error.ts";
import { checkDocument } from "../../core/files/json-file.ts";
import { readCostMapping } from "../../core/importers/cost-mapping.ts";
import { readTableSources } from "../../core/importers/table-sources.ts";
import { readGuestMessage, readHostMessage } from "../../core/isolation/wire-message.ts";
import { checkManifest } from "../../core/plugins/manifest.ts";
import { loadProtocol } from "../../core/protocols/protocol-file.ts";
import { parseRecord } from "../../core/records/record.ts";
import * as validators from "../../schemas/generated/validators.cjs";
import { REPOSITORY } from "../helpers/shared-data.ts";

const FOLDER = path.join(REPOSITORY, "schemas/examples");

/** One example document. */
export interface Example {
  /** `<thing>/<valid or invalid>/<name>`. */
  readonly title: string;
  /** Name of the file without `.json`: the fault. */
  readonly name: string;
  readonly file: string;
  readonly document: unknown;
}

/** The things that have examples. */
export const THINGS = readdirSync(FOLDER).sort();

/** Every example of a thing. */
export function examples(thing: string, kind: "valid" | "invalid"): Example[] {
  const folder = path.join(FOLDER, thing, kind);
  return readdirSync(folder)
    .sort()
    .map((base) => {
      const name = base.replace(/\.json$/, "");
      const file = path.join(folder, base);
      return { title: `${thing}/${kind}/${name}`, name, file, document: JSON.parse(readFileSync(file, "utf8")) };
    });
}

/**
 * Reads an example in the way in which the harness reads such a document.
 * @param folder an empty folder, for the files that a manifest names
 * @throws HarnessError
 */
export function readExample(thing: string, example: Example, folder: string): void {
  const { document, file } = example;
  switch (thing) {
    case "protocol":
      loadProtocol(file);
      return;
    case "record":
      parseRecord(readFileSync(file, "utf8"), file);
      return;
    case "plugin-manifest": {
      mkdirSync(folder, { recursive: true });
      for (const name of ["index.ts", "requirements.txt"]) writeFileSync(path.join(folder, name), "");
      checkManifest(document, path.join(folder, "plugin.json"));
      return;
    }
    case "table-card":
      checkDocument(document, validators.tableCard, file, "NAS_TABLE_CORRUPT");
      return;
    case "recipe":
      checkDocument(document, validators.recipe, file);
      return;
    case "dataset-sources":
      checkDocument(document, validators.datasetSources, file);
      return;
    case "table-sources":
      readTableSources(file);
      return;
    case "table-plan":
      checkDocument(document, validators.tablePlan, file);
      return;
    case "cost-card":
      checkDocument(document, validators.costCard, file, "NAS_TABLE_CORRUPT");
      return;
    case "cost-mapping":
      readCostMapping(file);
      return;
    case "csv-mapping":
      checkDocument(document, validators.csvMapping, file);
      return;
    case "run-summary":
      checkDocument(document, validators.runSummary, file);
      return;
    case "published-results":
      checkDocument(document, validators.publishedResults, file);
      return;
    case "submission": {
      // As readSubmission does: the kind says which of the two it is.
      const isDataset = (document as { kind?: unknown }).kind === "dataset";
      checkDocument(document, isDataset ? validators.datasetSubmission : validators.algorithmSubmission, file);
      return;
    }
    case "submitted-run":
      checkDocument(document, validators.submittedRun, file);
      return;
    case "verification":
      checkDocument(document, validators.verification, file);
      return;
    case "verification-statement":
      checkDocument(document, validators.verificationStatement, file);
      return;
    case "wire-message": {
      const fromGuest = ["ready", "ask", "answer", "error"].includes((document as { type: string }).type);
      (fromGuest ? readGuestMessage : readHostMessage)(JSON.stringify(document));
      return;
    }
    default:
      throw new Error(`schemas/examples/${thing}: no reader is known for this thing`);
  }
}

/** The explained faults of an error: the list below its file, or its one sentence. */
export function faultsOf(error: HarnessError): string[] {
  const listed = (error.details.where ?? "").split("\n").filter((line) => line.startsWith("- "));
  return listed.length > 0 ? listed.map((line) => line.slice(2)) : [error.details.what];
}

/** What reading an example gives: null if it is accepted. */
export function errorOf(thing: string, example: Example, folder: string): HarnessError | null {
  try {
    readExample(thing, example, folder);
    return null;
  } catch (error) {
    if (error instanceof HarnessError) return error;
    throw error;
  }
}

/** Paths at which two documents differ, outermost first: a changed value, a field that one of them lacks. */
export function differences(a: unknown, b: unknown, at: readonly string[] = []): string[][] {
  const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;
  if (!isObject(a) || !isObject(b) || Array.isArray(a) !== Array.isArray(b)) return Object.is(a, b) ? [] : [[...at]];
  // A list with other members than before is one change.
  if (Array.isArray(a) && a.length !== (b as unknown as unknown[]).length) return [[...at]];
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  return keys.flatMap((key) => {
    if (!(key in a) || !(key in b)) return [[...at, key]];
    return differences(a[key], b[key], [...at, key]);
  });
}
