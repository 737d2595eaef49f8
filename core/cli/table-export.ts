import path from "node:path";
import { HarnessError } from "../errors/harness-error.ts";
import { EXPORT_FORMATS, type ExportRequest, exportTable, requireExportOutput } from "../exporters/export-table.ts";
import { type Selection, SPLITS } from "../exporters/selection.ts";
import { parseArchitecture } from "../space/codec.ts";
import { ARCHITECTURE_COUNT } from "../space/operations.ts";
import { parseRanges, parseWords } from "./integer-ranges.ts";
import { INTERRUPTED, interruptible } from "./interruption.ts";
import { Progress } from "./progress.ts";
import { type FoundTable, requestedTables } from "./table-folders.ts";
import { formatBytes } from "./table-info.ts";
import { print, printJson, remark } from "./terminal.ts";

const LARGEST = 2_147_483_647;

/** What the command line gives to `table export`. */
export interface TableExportFlags {
  output: string;
  format?: ExportRequest["format"];
  shape: ExportRequest["shape"];
  dataset?: string;
  recipe?: string;
  split?: string;
  epochs?: string;
  architectures?: string;
  seeds?: string;
  overwrite?: true;
  json?: true;
}

/** The one table that is meant. @throws NAS_USAGE where several are found */
function onlyTable(folder: string | undefined): FoundTable {
  const tables = requestedTables(folder);
  if (tables.length === 1) return tables[0] as FoundTable;
  throw new HarnessError("NAS_USAGE", {
    what: `${tables.length} tables are found; it is not clear which one to export`,
    allowed: tables.map((table) => table.folder).join("\n"),
    next: "name one: nas-harness table export <folder> -o <file>",
  });
}

function formatOf(flags: TableExportFlags): ExportRequest["format"] {
  const format = flags.format ?? EXPORT_FORMATS.find((name) => flags.output.toLowerCase().endsWith(`.${name}`));
  if (format !== undefined) return format;
  throw new HarnessError("NAS_USAGE", {
    what: `the name "${path.basename(flags.output)}" does not say what to write`,
    where: "--output",
    allowed: "a name that ends in .parquet or .csv",
    next: "correct the name, or add --format parquet or --format csv",
  });
}

function splitsOf(text: string): (typeof SPLITS)[number][] {
  return parseWords(text, "--split").map((word) => {
    const split = SPLITS.find((name) => name === word);
    if (split !== undefined) return split;
    throw new HarnessError("NAS_USAGE", {
      what: `"${word}" is no split`,
      where: "--split",
      allowed: SPLITS.join(", "),
      next: "correct the flag",
    });
  });
}

function selectionOf({ dataset, recipe, split, epochs, architectures, seeds }: TableExportFlags): Selection {
  const given = <Value>(text: string | undefined, parse: (text: string) => Value) =>
    text === undefined ? undefined : parse(text);
  const byString = (word: string) => (word.startsWith("|") ? parseArchitecture(word) : null);
  return {
    datasets: given(dataset, (text) => parseWords(text, "--dataset")),
    recipes: given(recipe, (text) => parseWords(text, "--recipe")),
    splits: given(split, splitsOf),
    epochs: given(epochs, (text) => parseRanges(text, "--epochs", [1, LARGEST])),
    architectures: given(architectures, (text) =>
      parseRanges(text, "--architectures", [0, ARCHITECTURE_COUNT - 1], byString, ", and architecture strings"),
    ),
    seeds: given(seeds, (text) => parseRanges(text, "--seeds", [0, LARGEST])),
  };
}

/**
 * The action of `table export`. @returns the exit code
 * @throws NAS_USAGE, NAS_TABLE_NOT_FOUND, NAS_ARCHITECTURE_SYNTAX and what `exportTable` throws
 */
export async function runTableExport(folder: string | undefined, flags: TableExportFlags): Promise<number> {
  const format = formatOf(flags);
  const selection = selectionOf(flags);
  const overwrite = flags.overwrite === true;
  requireExportOutput(flags.output, overwrite);
  const table = onlyTable(folder);
  const progress = new Progress("exporting", "architectures");
  const { signal, restore } = interruptible();
  try {
    const exported = await exportTable(table.folder, table.card, flags.output, {
      format,
      shape: flags.shape,
      selection,
      overwrite,
      onProgress: (done, total) => progress.update(done, total),
      signal,
    });
    progress.finish();
    if (exported === null) {
      remark(`interrupted; ${flags.output} was not written`);
      return INTERRUPTED;
    }
    const { id, version, licence } = table.card;
    const { rows, bytes, columns } = exported;
    if (flags.json === true) {
      printJson({ file: flags.output, format, shape: flags.shape, table: { id, version }, rows, bytes, columns });
    } else {
      print(
        `wrote ${rows} rows of table ${id} ${version} to ${flags.output} (${columns.length} columns, ${formatBytes(bytes)})`,
      );
      remark(`the table's licence: ${licence}`);
    }
    return 0;
  } finally {
    progress.finish();
    restore();
  }
}
