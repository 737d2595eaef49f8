import { createHash } from "node:crypto";
import path from "node:path";
import type { CsvMapping } from "../../schemas/generated/csv-mapping.ts";
import type { SourceFile, TableCard } from "../../schemas/generated/table-card.ts";
import { lockFolder } from "../files/folder-lock.ts";
import { readBytes } from "../files/json-file.ts";
import { recoverTable, requireTableOutput } from "../tables/table-output.ts";
import { type CardIdentity, type DatasetContent, writeTable } from "../tables/table-writer.ts";
import { CsvArchitectures } from "./csv-architectures.ts";
import { CsvCells } from "./csv-cells.ts";
import { mappedColumns } from "./csv-mapping.ts";
import { readCsv } from "./csv-rows.ts";
import { RecipeCollector } from "./recipe-collector.ts";

/** A CSV as the content of a table, ready to be written. */
export interface CsvTable {
  readonly identity: CardIdentity;
  readonly datasets: readonly DatasetContent[];
}

/** Name, SHA-256 and size of a file. @throws NAS_FILE_NOT_FOUND, NAS_FILE_UNREADABLE */
export function describeSource(file: string): SourceFile {
  const bytes = readBytes(file);
  return {
    file: path.basename(file),
    sha256: createHash("sha256").update(bytes).digest("hex"),
    bytes: bytes.length,
  };
}

/**
 * Reads a wide CSV, plain or gzip, row by row into the content of a table; all values are checked, none is changed but
 * for seconds that become ms.
 * @param mapping what {@link readMapping} gave for `mappingFile`
 * @throws NAS_FILE_NOT_FOUND, NAS_FILE_UNREADABLE, NAS_CSV_SYNTAX, NAS_CSV_COLUMN, NAS_CSV_VALUE, NAS_CSV_ARCHITECTURES,
 * NAS_ARCHITECTURE_INDEX, NAS_ARCHITECTURE_SYNTAX
 */
export async function readCsvTable(file: string, mapping: CsvMapping, mappingFile: string): Promise<CsvTable> {
  const architectures = new CsvArchitectures(file, mapping.architecture);
  const datasets = mapping.datasets.map(({ recipes, ...dataset }) => ({
    dataset,
    collectors: recipes.map((recipe) => new RecipeCollector(recipe)),
  }));
  const collectors = datasets.flatMap((dataset) => dataset.collectors);
  let cells: CsvCells | null = null;
  const source = await readCsv(file, {
    header(names) {
      cells = new CsvCells(file, names, mappedColumns(mapping));
    },
    row(row) {
      const columns = cells as CsvCells;
      const architecture = architectures.read(row, columns);
      for (const collector of collectors) collector.add(architecture, row, columns);
    },
  });
  architectures.requireAll();
  const { description, ...identity } = mapping.table;
  return {
    identity: {
      ...identity,
      space: "nas-bench-201",
      keyedBy: "architecture",
      provenance: { description, sources: [source, describeSource(mappingFile)] },
      expectedOptima: mapping.expectedOptima,
    },
    datasets: datasets.map(({ dataset, collectors: recipes }) => ({
      ...dataset,
      recipes: recipes.map((collector) => collector.content()),
    })),
  };
}

/**
 * Imports a CSV into a folder, which is there whole or not at all. The CSV is read before anything is written; a lock on
 * the folder above keeps two imports from writing at the same time.
 * @throws what {@link readCsvTable} throws; NAS_OUTPUT_EXISTS, NAS_OUTPUT_LOCKED, NAS_WRITE_FAILED
 */
export async function importCsvTable(
  file: string,
  mapping: CsvMapping,
  mappingFile: string,
  folder: string,
  overwrite: boolean,
): Promise<TableCard> {
  requireTableOutput(folder, overwrite);
  const { identity, datasets } = await readCsvTable(file, mapping, mappingFile);
  // A trailing slash would put the writer's temporary folder inside the table's own.
  const place = path.resolve(folder);
  const lock = lockFolder(path.dirname(place));
  try {
    recoverTable(place);
    // Again: another import may have finished meanwhile.
    requireTableOutput(folder, overwrite);
    return writeTable(place, identity, datasets, true);
  } finally {
    lock.release();
  }
}
