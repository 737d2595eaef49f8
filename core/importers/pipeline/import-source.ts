import type { Finding } from "../findings.ts";
import type { OfficialTrial } from "../official-trial.ts";

/** A stretch of a file that holds the trials of one architecture (or of a few) and can be read apart from the others. */
export interface SourceUnit {
  /** Name that people know it by: that of the file, or of the archive's member. */
  readonly name: string;
  /** The file. */
  readonly file: string;
  /** First byte of the unit in the file. */
  readonly offset: number;
  /** Its length in bytes. */
  readonly bytes: number;
}

/** Reads the trials of a unit from its bytes. @throws HarnessError for bytes that are none; `where` names the unit */
export type UnitReader = (
  bytes: Uint8Array,
  where: string,
) => readonly OfficialTrial[] | Promise<readonly OfficialTrial[]>;

/** A {@link UnitReader} as a process that shall use it can find it: a module's address and the name of its export. */
export interface UnitReaderPlace {
  /** `import.meta.url` of the module. */
  readonly module: string;
  readonly name: string;
}

/** What many files (or members of an archive) hold: they are read in several processes. */
export interface UnitSource {
  readonly kind: "units";
  /** The folder or archive. */
  readonly path: string;
  /** True: `path` is one file, an archive of the units. */
  readonly isArchive: boolean;
  /** In the order in which they are read. */
  readonly units: readonly SourceUnit[];
  readonly reader: UnitReaderPlace;
}

/** What one file (or a few that belong together) holds: it is read from its beginning to its end in this process. */
export interface StreamSource {
  readonly kind: "stream";
  /** The files, in the order of the table's provenance. */
  readonly files: readonly string[];
  /** Number of batches that are expected, for the estimate; null: unknown. */
  readonly batches: number | null;
  /**
   * Opens the files anew. The batches are the same each time, in the same order; each trial is whole in one of them.
   * @param skip batches at the beginning that were taken over already. The reader still yields something for each, but it may
   * be empty: what would be costly to convert need not be converted.
   */
  readonly open: (skip: number) => AsyncIterable<readonly OfficialTrial[]>;
  /** Odd things that the reader has met when the stream is at its end; for the report. None unless given. */
  readonly findings?: () => readonly Finding[];
}

/** Where an import's trials come from. */
export type ImportSource = UnitSource | StreamSource;
