import type { ImporterId } from "../../schemas/generated/table-sources.ts";

/** What `table fetch` hands to an importer: what `table import <importer> <input>` would be given. */
export interface ImportOrder {
  /** File or folder to import. */
  readonly input: string;
  /** Where the table goes; the importer's own default unless given. */
  readonly output?: string;
  readonly overwrite?: true;
  /** Print the importer's one document on stdout. */
  readonly json?: true;
}

/** Imports and prints what `table import` prints. @returns the exit code @throws what the importer throws */
export type TableImporter = (order: ImportOrder) => Promise<number>;

/** The importers by the word after `table import`. One that is missing is named to the user, as the command to run next. */
export const TABLE_IMPORTERS: Readonly<Partial<Record<ImporterId, TableImporter>>> = {};
