import { availableParallelism } from "node:os";
import path from "node:path";
import { requireTableOutput } from "../../tables/table-output.ts";
import { assembleOfficialTable, type ImportedTable, type ImportIdentity } from "./assembly.ts";
import type { ImportSource } from "./import-source.ts";
import { describeInputs, inputsKey, requireUnchanged } from "./source-files.ts";
import { readStream } from "./stream-pieces.ts";
import { readUnits } from "./unit-pieces.ts";
import { WorkFolder, workFolderOf } from "./work-folder.ts";

/** What an import is doing. */
export type ImportPhase = "checksum" | "reading" | "assembling";

/** An import of official files. */
export interface OfficialImport {
  readonly source: ImportSource;
  /** What the card says besides the values. */
  readonly identity: ImportIdentity;
  /** Where the table goes. */
  readonly folder: string;
  /** True: a table that is there is replaced. */
  readonly overwrite: boolean;
  /** Number of processes for sources in units; the machine's cores unless given. */
  readonly jobs?: number;
  /** Ends the import early; finished pieces are kept. */
  readonly signal?: AbortSignal;
  /** Called when something was done: of `total` units (or batches, or views) that many are. */
  readonly onProgress?: (phase: ImportPhase, done: number, total: number) => void;
  /** Called with the names of pieces of an earlier attempt that were found broken; they are made again. */
  readonly onBrokenPieces?: (names: readonly string[]) => void;
}

/**
 * Turns official trainings into a table, in bounded memory. Trials become pieces in the folder `<folder>.import`; when all are
 * there, the table is assembled view by view and the pieces are removed. Started again after an interruption with the same
 * inputs (same names, sizes and modification times), it goes on with the pieces that are there and ends with the same bytes.
 * Nothing is repaired: what is odd is kept and told in the report.
 * @returns the table, or null if the signal ended the import
 * @throws what the source's reader throws; NAS_IMPORT, NAS_OUTPUT_EXISTS, NAS_OUTPUT_LOCKED, NAS_FILE_NOT_FOUND,
 * NAS_FILE_UNREADABLE, NAS_WRITE_FAILED, NAS_INTERNAL
 */
export async function importOfficialTrials(options: OfficialImport): Promise<ImportedTable | null> {
  // A trailing slash would put what is written beside inside the table's own folder.
  const folder = path.resolve(options.folder);
  requireTableOutput(folder, options.overwrite);
  try {
    return await importInto(folder, options);
  } catch (error) {
    if (options.signal?.aborted) return null;
    throw error;
  }
}

async function importInto(folder: string, options: OfficialImport): Promise<ImportedTable | null> {
  const { source, identity, overwrite, signal, onProgress } = options;
  const inputs = inputsKey(source);
  // Before the reading: a damaged file is told in seconds, not after minutes.
  const described = await describeInputs(source, (done, total) => onProgress?.("checksum", done, total), signal);
  const work = new WorkFolder(workFolderOf(folder), inputs);
  try {
    if (work.broken.length > 0) options.onBrokenPieces?.(work.broken);
    const reading = { signal, onProgress: (done: number, total: number) => onProgress?.("reading", done, total) };
    if (source.kind === "units") {
      await readUnits(source, inputs, work, { ...reading, jobs: options.jobs ?? availableParallelism() });
    } else await readStream(source, inputs, work, reading);
    if (signal?.aborted) return null;
    requireUnchanged(source, inputs);
    const { pieces } = work;
    const table = await assembleOfficialTable({
      ...{ identity, pieces, folder, overwrite, signal },
      sources: described.sources(pieces),
      checksum: described.checksum,
      findings: work.findings,
      onProgress: (done, total) => onProgress?.("assembling", done, total),
    });
    work.discard();
    return table;
  } finally {
    work.close();
  }
}
