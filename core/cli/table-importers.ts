import type { ImporterId } from "../../schemas/generated/table-sources.ts";
import { importDerived } from "./table-import-derived.ts";
import { importOfficial } from "./table-import-official.ts";

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

/** The importers by the word after `table import`. A table that was made from the same files is left as it is. */
export const TABLE_IMPORTERS: Readonly<Record<ImporterId, TableImporter>> = {
  "nats-bench": ({ input, ...flags }) => importOfficial(input, "nats-bench", { ...flags, ifMissing: true }),
  "nas-bench-201": ({ input, ...flags }) => importOfficial(input, "nas-bench-201", { ...flags, ifMissing: true }),
  hpobench: ({ input, ...flags }) => importDerived(input, "hpobench", { ...flags, ifMissing: true }),
  nni: ({ input, ...flags }) => importDerived(input, "nni", { ...flags, ifMissing: true }),
};
