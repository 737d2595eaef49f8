import type { TableCard } from "../../schemas/generated/table-card.ts";
import { classOf, classRepresentatives } from "../space/classes.ts";
import { ARCHITECTURE_COUNT } from "../space/operations.ts";
import { itemsPerRow, type MetricColumn, type TrialTable } from "./column.ts";
import { allowedValues, isAllowedValue, type LossRange } from "./value-range.ts";

/** `3 architectures are …, the first: 17`; nothing where there are none. */
function countProblem(noun: string, positions: readonly number[], what: string): string[] {
  if (positions.length === 0) return [];
  const subject = positions.length === 1 ? `1 ${noun}` : `${positions.length} ${noun}s`;
  return [`${subject} ${what}; the first: ${positions[0]}`];
}

/**
 * What is wrong with the rows of a view: foreign or missing architectures, wrong order, a trial that is there twice.
 * @param isPart true: the card says that architectures are missing
 */
export function rowProblems(table: TrialTable, keyedBy: TableCard["keyedBy"], isPart = false): string[] {
  const { architecture, trialSeed, aggregatedSeeds } = table.rows;
  const rows = architecture.length;
  const seen = new Uint8Array(ARCHITECTURE_COUNT);
  const foreign = new Set<number>();
  const disordered: number[] = [];
  const repeated = new Set<number>();
  let seeds = new Set<number>();
  for (let row = 0; row < rows; row++) {
    const index = architecture[row] as number;
    if (index >= ARCHITECTURE_COUNT || (keyedBy === "class" && classOf(index) !== index)) foreign.add(index);
    else seen[index] = 1;
    if (row > 0 && (architecture[row - 1] as number) > index) disordered.push(row);
    if (row > 0 && architecture[row - 1] !== index) seeds = new Set();
    const seed = aggregatedSeeds[row] === null ? trialSeed[row] : null;
    if (seed === null || seed === undefined) continue;
    if (seeds.has(seed)) repeated.add(index);
    seeds.add(seed);
  }
  const keys = keyedBy === "class" ? classRepresentatives() : Array.from(seen.keys());
  const missing = isPart ? [] : keys.filter((key) => seen[key] === 0);
  return [
    ...countProblem("architecture", missing, "without a row"),
    ...countProblem(
      "architecture",
      [...foreign],
      keyedBy === "class" ? "that represents no class" : "outside of the space",
    ),
    ...countProblem("row", disordered, "out of order"),
    ...countProblem("architecture", [...repeated], "with two trials of the same seed"),
  ];
}

/** What a column holds, and what of it is out of range. */
export interface ValueCheck {
  /** Number of recorded values. */
  readonly recorded: number;
  /** Number of losses that are no finite number: of epochs after a training has diverged. */
  readonly diverged: number;
  /** Smallest recorded value, in the metric's unit; Infinity if there is none. */
  readonly smallest: number;
  /** Largest recorded value; -Infinity if there is none. */
  readonly largest: number;
  readonly problems: readonly string[];
}

/** Checks the range of every recorded value of a column. */
export function checkValues(table: TrialTable, column: MetricColumn, losses: LossRange): ValueCheck {
  const items = itemsPerRow(column);
  const { values, recorded } = column;
  let count = 0;
  let smallest = Number.POSITIVE_INFINITY;
  let largest = Number.NEGATIVE_INFINITY;
  let diverged = 0;
  let outside = 0;
  let first = "";
  for (let at = 0; at < values.length; at++) {
    if (recorded !== null && recorded[at] === 0) continue;
    const value = values[at] as number;
    count++;
    if (Number.isFinite(value)) {
      if (value < smallest) smallest = value;
      if (value > largest) largest = value;
    }
    if (isAllowedValue(column.name, value, losses)) {
      if (!Number.isFinite(value)) diverged++;
      continue;
    }
    if (outside === 0) first = `${value} of architecture ${table.rows.architecture[Math.trunc(at / items)]}`;
    outside++;
  }
  const what = `${outside} of ${count} values out of range, the first: ${first}; allowed is ${allowedValues(column.name, losses)}`;
  const problems = [...(outside > 0 ? [what] : []), ...(count === 0 ? ["no value is recorded"] : [])];
  return { recorded: count, diverged, smallest, largest, problems };
}
