import { statSync } from "node:fs";
import type { TableCard } from "../../schemas/generated/table-card.ts";
import { HarnessError } from "../errors/harness-error.ts";
import { writeFileStreamed } from "../files/streamed-file.ts";
import { csvBytes } from "./csv-bytes.ts";
import { curvesOf } from "./curves.ts";
import type { ExportBatch, ExportProgress, ExportRows } from "./export-batch.ts";
import { parquetBytes } from "./parquet-bytes.ts";
import { type Selection, selectContent } from "./selection.ts";
import { summaryOf } from "./summary.ts";

/** Formats of an export. */
export const EXPORT_FORMATS = ["parquet", "csv"] as const;

/** Shapes of an export. */
export const EXPORT_SHAPES = ["curves", "summary"] as const;

/** What to export, and how. */
export interface ExportRequest {
  readonly format: (typeof EXPORT_FORMATS)[number];
  /** curves: a row for each trial and epoch; summary: a row for each architecture. */
  readonly shape: (typeof EXPORT_SHAPES)[number];
  readonly selection: Selection;
  readonly overwrite: boolean;
  readonly onProgress?: ExportProgress;
  readonly signal?: AbortSignal;
}

/** What was written. */
export interface Exported {
  readonly rows: number;
  readonly bytes: number;
  readonly columns: readonly string[];
}

/**
 * Demands that a file may be written to a place.
 * @throws NAS_OUTPUT_EXISTS if a file is there and may not be replaced, or if it is a folder
 */
export function requireExportOutput(file: string, overwrite: boolean): void {
  const found = statSync(file, { throwIfNoEntry: false });
  if (found === undefined || (overwrite && found.isFile())) return;
  throw new HarnessError("NAS_OUTPUT_EXISTS", {
    what: found.isFile() ? "the file exists already" : "the output is a folder",
    where: file,
    next: found.isFile() ? "name another --output, or add --overwrite to replace the file" : "name a file",
  });
}

/** What a Parquet file says of the table that it was made from, as JSON under the key `nas-harness`. */
function originOf(card: TableCard, { shape }: ExportRequest): Record<string, string> {
  const { id, version, title, benchmark, licence, keyedBy, units, searchContentHash } = card;
  const table = { id, version, title, benchmark, licence, keyedBy, units, searchContentHash };
  return { "nas-harness": JSON.stringify({ shape, table }) };
}

/** The same rows, counted as they pass. */
function counted({ columns, batches }: ExportRows): { rows: ExportRows; count: () => number } {
  let count = 0;
  function* passed(): Generator<ExportBatch> {
    for (const batch of batches) {
      count += batch[0]?.length ?? 0;
      yield batch;
    }
  }
  return { rows: { columns, batches: passed() }, count: () => count };
}

/**
 * Writes a table, or what is selected of it, as one file, which is there whole or not at all. Reads the test view, so it is
 * not for processes that answer queries. The same table and request give the same bytes.
 * @param folder the table's folder
 * @param card its card, as `readCard` gives it
 * @returns what was written, or null if the request's signal ended it
 * @throws NAS_OUTPUT_EXISTS, NAS_NOT_RECORDED (the selection names what the table lacks, or holds no row),
 * NAS_TABLE_CORRUPT, NAS_WRITE_FAILED
 */
export async function exportTable(
  folder: string,
  card: TableCard,
  file: string,
  request: ExportRequest,
): Promise<Exported | null> {
  requireExportOutput(file, request.overwrite);
  const content = selectContent(card, request.selection);
  const onProgress = request.onProgress ?? (() => {});
  const selected =
    request.shape === "curves"
      ? curvesOf(folder, card, content, onProgress)
      : summaryOf(folder, card, content, request.selection.epochs !== undefined, onProgress);
  const { rows, count } = counted(selected);
  function* parts(): Generator<Uint8Array> {
    yield* request.format === "csv" ? csvBytes(rows) : parquetBytes(rows, originOf(card, request));
    if (count() > 0) return;
    throw new HarnessError("NAS_NOT_RECORDED", {
      what: "no trial of the table is selected",
      where: `table ${card.id} ${card.version}`,
      next: "select more architectures, seeds or epochs; nothing was written",
    });
  }
  const bytes = await writeFileStreamed(file, parts(), request.signal);
  return bytes === null ? null : { rows: count(), bytes, columns: rows.columns.map(({ name }) => name) };
}
