import { createHash } from "node:crypto";
import path from "node:path";
import type { TableCard, TableColumn, TableFile, TableRecipe } from "../../schemas/generated/table-card.ts";
import { HarnessError, messageOf } from "../errors/harness-error.ts";
import { readBytes } from "../files/json-file.ts";
import { decodeTrials } from "./arrow-file.ts";
import type { MetricColumn, MetricName, TrialTable, View } from "./column.ts";
import { concatenateTrials } from "./trial-order.ts";

const REIMPORT = "make the table again (nas-harness table import --help), or restore it from a copy";

/** A (dataset, recipe) of a card. @throws NAS_NOT_RECORDED naming what the table has */
export function findRecipe(card: TableCard, dataset: string, recipe: string): TableRecipe {
  const found = card.datasets.find((entry) => entry.id === dataset)?.recipes.find((entry) => entry.id === recipe);
  if (found !== undefined) return found;
  const known = card.datasets.flatMap((entry) => entry.recipes.map((inner) => `${entry.id}/${inner.id}`));
  throw new HarnessError("NAS_NOT_RECORDED", {
    what: `table ${card.id} has no ${dataset}/${recipe}`,
    allowed: known.join(", "),
    next: "nas-harness table info lists what a table holds",
  });
}

function epochsByColumn(columns: readonly TableColumn[], view: View): Map<MetricName, MetricColumn["epochs"]> {
  return new Map(columns.filter((column) => column.view === view).map((column) => [column.name, column.epochs]));
}

/** A file that a card describes. */
export type DescribedFile = Pick<TableFile, "path" | "sha256" | "bytes">;

/** A table's file, checked against the size and SHA-256 of its card. @throws NAS_TABLE_CORRUPT */
export function readVerifiedFile(folder: string, file: DescribedFile): Buffer {
  const place = path.join(folder, file.path);
  const corrupt = (what: string, cause?: unknown) =>
    new HarnessError("NAS_TABLE_CORRUPT", { what, where: place, next: REIMPORT, cause });
  let bytes: Buffer;
  try {
    bytes = readBytes(place);
  } catch (cause) {
    throw corrupt(`a file of the table can't be read: ${messageOf(cause)}`, cause);
  }
  if (bytes.length !== file.bytes) {
    const state = bytes.length < file.bytes ? "truncated" : "too long";
    throw corrupt(`a file of the table is ${state}: it has ${bytes.length} bytes, its card says ${file.bytes}`);
  }
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  if (sha256 !== file.sha256) {
    throw corrupt(`a file of the table was changed: its SHA-256 is ${sha256}, its card says ${file.sha256}`);
  }
  return bytes;
}

/** The files of one view of one (dataset, recipe). @throws NAS_NOT_RECORDED if the table has none */
export function filesOfView(card: TableCard, dataset: string, recipe: string, view: View): TableFile[] {
  const files = findRecipe(card, dataset, recipe).files.filter((file) => file.view === view);
  if (files.length > 0) return files;
  throw new HarnessError("NAS_NOT_RECORDED", {
    what: `table ${card.id} has no ${view} view of ${dataset}/${recipe}`,
    next: "nas-harness table info lists what a table holds",
  });
}

/** The trials of one file, checked against its card. @throws NAS_TABLE_CORRUPT */
export function readTrialFile(folder: string, { columns }: TableRecipe, file: TableFile): TrialTable {
  const bytes = readVerifiedFile(folder, file);
  try {
    return decodeTrials(bytes, epochsByColumn(columns, file.view));
  } catch (cause) {
    const where = path.join(folder, file.path);
    const what = `a file of the table does not hold what its card says: ${messageOf(cause)}`;
    throw new HarnessError("NAS_TABLE_CORRUPT", { what, where, next: REIMPORT, cause });
  }
}

/** The columns of one view without any trial. */
export function noTrials({ columns }: TableRecipe, view: View): TrialTable {
  const values = new Float32Array(0);
  return {
    rows: { architecture: new Uint16Array(0), trialSeed: [], aggregatedSeeds: [] },
    columns: columns
      .filter((column) => column.view === view)
      .map(({ name, epochs }) => ({ name, epochs, values, recorded: null })),
  };
}

/**
 * The trials of one view of one (dataset, recipe), from all its files.
 * @throws NAS_NOT_RECORDED, NAS_TABLE_CORRUPT
 */
export function readTrials(folder: string, card: TableCard, dataset: string, recipe: string, view: View): TrialTable {
  const files = filesOfView(card, dataset, recipe, view);
  const entry = findRecipe(card, dataset, recipe);
  return concatenateTrials(files.map((file) => readTrialFile(folder, entry, file)));
}
