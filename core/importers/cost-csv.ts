import path from "node:path";
import type { CostCard } from "../../schemas/generated/cost-card.ts";
import type { CostMapping } from "../../schemas/generated/cost-mapping.ts";
import { COST_UNITS, type CostValues } from "../costs/cost-column.ts";
import { COST_CARD_NAME } from "../costs/cost-table.ts";
import { type CostIdentity, writeCostTable } from "../costs/cost-writer.ts";
import { HarnessError } from "../errors/harness-error.ts";
import { lockFolder } from "../files/folder-lock.ts";
import { ARCHITECTURE_COUNT } from "../space/operations.ts";
import { recoverTable, requireTableOutput } from "../tables/table-output.ts";
import { neededColumns } from "./cost-mapping.ts";
import { CsvArchitectures } from "./csv-architectures.ts";
import { CsvCells } from "./csv-cells.ts";
import { readCsv } from "./csv-rows.ts";
import { describeSource } from "./csv-table.ts";

/** A CSV of hardware costs as the content of a cost table, ready to be written. */
export interface CostCsv {
  readonly identity: CostIdentity;
  /** By column of the identity, each of shape [15625]. */
  readonly values: readonly CostValues[];
}

/** Demands that the mapping accounts for every column. @throws NAS_CSV_COLUMN naming those that it does not know */
function requireKnown(file: string, header: readonly string[], mapping: CostMapping): void {
  const known = [...neededColumns(mapping), ...(mapping.ignored ?? [])];
  const unknown = header.filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  throw new HarnessError("NAS_CSV_COLUMN", {
    what: `the mapping does not say what ${unknown.length === 1 ? "a column is" : `${unknown.length} columns are`}`,
    where: [`${file}:1`, ...unknown.map((name) => `- unknown: ${JSON.stringify(name)}`)].join("\n"),
    allowed: `columns that the mapping names: ${known.join(", ")}`,
    next: 'name them in the mapping, in "ignored" if they are to be left out',
  });
}

/**
 * Reads a wide CSV of hardware costs, plain or gzip, row by row; every value is checked, none is changed but for its rounding
 * to float32.
 * @param mapping what `readCostMapping` gave for `mappingFile`
 * @throws NAS_FILE_NOT_FOUND, NAS_FILE_UNREADABLE, NAS_CSV_SYNTAX, NAS_CSV_COLUMN, NAS_CSV_VALUE, NAS_CSV_ARCHITECTURES,
 * NAS_ARCHITECTURE_INDEX, NAS_ARCHITECTURE_SYNTAX
 */
export async function readCostCsv(file: string, mapping: CostMapping, mappingFile: string): Promise<CostCsv> {
  const architectures = new CsvArchitectures(file, mapping.architecture);
  const fillings = mapping.columns.map(({ column, quantity, absent }) => ({
    ...{ column, absent, unit: COST_UNITS[quantity] },
    values: new Float32Array(ARCHITECTURE_COUNT),
    recorded: new Uint8Array(ARCHITECTURE_COUNT),
  }));
  let cells: CsvCells | null = null;
  const source = await readCsv(file, {
    header(names) {
      cells = new CsvCells(file, names, neededColumns(mapping));
      requireKnown(file, names, mapping);
    },
    row(row) {
      const columns = cells as CsvCells;
      const architecture = architectures.read(row, columns);
      for (const { column, unit, absent, values, recorded } of fillings) {
        const value = columns.cost(row, column, unit, absent);
        if (value === null) continue;
        values[architecture] = value;
        recorded[architecture] = 1;
      }
    },
  });
  architectures.requireAll();
  const { description, ...table } = mapping.table;
  return {
    identity: {
      ...table,
      provenance: { description, sources: [source, describeSource(mappingFile)] },
      columns: mapping.columns.map(({ column: _, absent: __, quantity, ...column }) => ({
        ...column,
        quantity,
        unit: COST_UNITS[quantity],
      })),
    },
    values: fillings.map(({ values, recorded }) => ({ values, recorded: recorded.includes(0) ? recorded : null })),
  };
}

/**
 * Imports a CSV of hardware costs into a folder, which is there whole or not at all.
 * @throws what {@link readCostCsv} throws; NAS_OUTPUT_EXISTS, NAS_OUTPUT_LOCKED, NAS_WRITE_FAILED
 */
export async function importCostCsv(
  file: string,
  mapping: CostMapping,
  mappingFile: string,
  folder: string,
  overwrite: boolean,
): Promise<CostCard> {
  requireTableOutput(folder, overwrite, COST_CARD_NAME);
  const { identity, values } = await readCostCsv(file, mapping, mappingFile);
  const place = path.resolve(folder);
  const lock = lockFolder(path.dirname(place));
  try {
    recoverTable(place);
    // Again: another import may have finished meanwhile.
    requireTableOutput(folder, overwrite, COST_CARD_NAME);
    return writeCostTable(place, identity, values);
  } finally {
    lock.release();
  }
}
