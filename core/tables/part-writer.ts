import type { TableFile } from "../../schemas/generated/table-card.ts";
import { ARCHITECTURE_COUNT } from "../space/operations.ts";
import type { TrialTable, View } from "./column.ts";
import { writeTrialFile } from "./table-writer.ts";
import { sliceRows } from "./trial-order.ts";

/** A part is about as large at most: read and checked in milliseconds, and few enough files in a table. */
const PART_BYTES = 1_048_576;
/** Numbers of architectures that a part may hold: round, so that a file's name says which is where. */
const PART_SIZES = [5000, 2500, 1000, 500, 250, 100] as const;
const INDEX_WIDTH = 5;

/** Bytes of a view's values. */
function bytesOf(table: TrialTable): number {
  return table.columns.reduce((sum, { values }) => sum + values.byteLength, 0);
}

/** Architectures a part: all where the view is small. The same trials always give the same. */
function partSize(table: TrialTable): number {
  const bytes = bytesOf(table);
  if (bytes <= PART_BYTES) return ARCHITECTURE_COUNT;
  const perArchitecture = bytes / new Set(table.rows.architecture).size;
  return PART_SIZES.find((size) => size * perArchitecture <= PART_BYTES) ?? (PART_SIZES.at(-1) as number);
}

/** Position of the first row whose architecture is not below `architecture`. */
function rowFrom(rows: Uint16Array, architecture: number): number {
  let [low, high] = [0, rows.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rows[middle] as number) < architecture) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Writes a view of one (dataset, recipe): as one file, or, where it is large, as files of a range of architectures each
 * (`search-00000-00099.arrow`), so that a look-up of one architecture reads one of them. A range without a trial gets no file.
 * @param table in the order of {@link TrialRows}
 * @param folder the table's folder
 * @throws the system's error
 */
export function writeViewFiles(
  folder: string,
  { dataset, recipe, view }: { readonly dataset: string; readonly recipe: string; readonly view: View },
  table: TrialTable,
): TableFile[] {
  const size = partSize(table);
  if (size === ARCHITECTURE_COUNT)
    return [{ view, ...writeTrialFile(folder, `${dataset}/${recipe}/${view}.arrow`, table) }];
  const padded = (index: number) => String(index).padStart(INDEX_WIDTH, "0");
  const files: TableFile[] = [];
  for (let first = 0; first < ARCHITECTURE_COUNT; first += size) {
    const last = Math.min(first + size, ARCHITECTURE_COUNT) - 1;
    const [start, end] = [rowFrom(table.rows.architecture, first), rowFrom(table.rows.architecture, last + 1)];
    if (start === end) continue;
    const place = `${dataset}/${recipe}/${view}-${padded(first)}-${padded(last)}.arrow`;
    files.push({
      view,
      ...writeTrialFile(folder, place, sliceRows(table, start, end)),
      architectures: { first, last },
    });
  }
  return files;
}
