import type { CostCard, CostColumn } from "../../schemas/generated/cost-card.ts";
import { HarnessError } from "../errors/harness-error.ts";
import type { TableCheck } from "../tables/table-check.ts";
import { COST_UNITS, type CostValues, columnTitle } from "./cost-column.ts";
import { type CostTable, openCostTable } from "./cost-table.ts";

/** Smallest and largest value and the number of them; values that are no costs count apart. */
export function rangeOf({ values, recorded }: CostValues): {
  count: number;
  smallest: number;
  largest: number;
  wrong: number;
} {
  const range = { count: 0, smallest: Number.POSITIVE_INFINITY, largest: Number.NEGATIVE_INFINITY, wrong: 0 };
  values.forEach((value, architecture) => {
    if (recorded?.[architecture] === 0) return;
    range.count++;
    if (!(value >= 0 && value < Number.POSITIVE_INFINITY)) range.wrong++;
    range.smallest = Math.min(range.smallest, value);
    range.largest = Math.max(range.largest, value);
  });
  return range;
}

function repeatedColumns({ columns }: CostCard): string[] {
  const titles = columns.map(columnTitle);
  return [...new Set(titles.filter((title, at) => titles.indexOf(title) !== at))];
}

function checkColumn(column: CostColumn, values: CostValues): TableCheck {
  const { count, smallest, largest, wrong } = rangeOf(values);
  const absent = values.values.length - count;
  const range = count === 0 ? "" : `, ${smallest.toPrecision(4)} to ${largest.toPrecision(4)} ${column.unit}`;
  const problems = [
    ...(count === 0 ? ["it has no value at all"] : []),
    ...(wrong === 0 ? [] : [`${wrong} values are not numbers from 0 on`]),
    ...(column.unit === COST_UNITS[column.quantity] ? [] : [`${column.quantity} is in ${column.unit}`]),
  ];
  return {
    check: "values",
    subject: columnTitle(column),
    result: problems.length === 0 ? "ok" : "failed",
    found: `${count} values${range}${absent === 0 ? "" : `, ${absent} not measured`}`,
    problems,
  };
}

/**
 * Checks a cost table: size, SHA-256 and content hash of its file, that every architecture is there in order, and units and
 * range of every column.
 * @returns every check, failed or not
 */
export function checkCostTable(folder: string, card: CostCard): TableCheck[] {
  const subject = card.file.path;
  const twice = repeatedColumns(card).map((title) => `column ${title} is there twice`);
  let table: CostTable;
  try {
    table = openCostTable(folder);
  } catch (error) {
    if (!(error instanceof HarnessError)) throw error;
    const found = "it can't be used";
    return [{ check: "file", subject, result: "failed", found, problems: [error.details.what, ...twice] }];
  }
  const found = `${card.file.bytes} bytes, ${card.file.rows} architectures, content ${card.contentHash.slice(0, 12)}...`;
  return [
    { check: "file", subject, result: twice.length === 0 ? "ok" : "failed", found, problems: twice },
    ...card.columns.map((column, at) => checkColumn(column, table.values[at] as CostValues)),
  ];
}
