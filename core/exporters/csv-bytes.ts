import type { Cell, ColumnType, ExportRows } from "./export-batch.ts";
import { float32Text } from "./float32-text.ts";

const NEEDS_QUOTES = /[",\r\n]/;
/** Distinct values of a column whose texts are remembered; a column with more (a loss) repeats too few of them. */
const REMEMBERED = 50_000;
/** Lines of a part. */
const PART_LINES = 4096;

/** A text as a CSV cell (RFC 4180): in quotes where it holds a comma, a quote or a line's end. */
function quoted(text: string): string {
  return NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** What turns the values of a column into cells; null becomes an empty cell. */
function formatter(type: ColumnType): (cell: Cell) => string {
  if (type === "string") return (cell) => (cell === null ? "" : quoted(String(cell)));
  if (type !== "float32") return (cell) => (cell === null ? "" : String(cell));
  let known: Map<Cell, string> | null = new Map();
  return (cell) => {
    if (cell === null) return "";
    const found = known?.get(cell);
    if (found !== undefined) return found;
    const text = float32Text(cell as number);
    if (known !== null && known.set(cell, text).size > REMEMBERED) known = null;
    return text;
  };
}

/**
 * An export as CSV (RFC 4180, lines end with a line feed, UTF-8), part by part: a header, then a line a row. A value that is
 * not recorded is an empty cell, a loss that diverged is NaN or Infinity, and a float32 stands as the shortest decimal that
 * gives the same float32.
 */
export function* csvBytes({ columns, batches }: ExportRows): Generator<Uint8Array> {
  yield Buffer.from(`${columns.map(({ name }) => quoted(name)).join(",")}\n`);
  const formatters = columns.map(({ type }) => formatter(type));
  for (const batch of batches) {
    const rows = batch[0]?.length ?? 0;
    // Also for a batch without rows, so that whoever writes hears of progress.
    for (let start = 0; start === 0 || start < rows; start += PART_LINES) {
      let lines = "";
      for (let row = start; row < Math.min(rows, start + PART_LINES); row++) {
        for (let at = 0; at < formatters.length; at++) {
          const text = (formatters[at] as (cell: Cell) => string)(batch[at]?.[row] ?? null);
          lines += at === 0 ? text : `,${text}`;
        }
        lines += "\n";
      }
      yield Buffer.from(lines);
    }
  }
}
