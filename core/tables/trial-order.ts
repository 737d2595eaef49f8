import { itemsPerRow, type MetricColumn, type TrialRows, type TrialTable } from "./column.ts";

/** Single trials by ascending seed, then those of unknown seed, then aggregates. */
function rankOfRow(rows: TrialRows, row: number): number {
  if (rows.aggregatedSeeds[row] !== null) return Number.POSITIVE_INFINITY;
  return rows.trialSeed[row] ?? Number.MAX_SAFE_INTEGER;
}

/** The rows' positions in the order that {@link TrialRows} demands; equal rows keep their order. */
function sortedPositions(rows: TrialRows): number[] {
  const ranks = Array.from(rows.architecture, (_, row) => rankOfRow(rows, row));
  return ranks
    .map((_, row) => row)
    .sort((a, b) => {
      const byArchitecture = (rows.architecture[a] as number) - (rows.architecture[b] as number);
      if (byArchitecture !== 0) return byArchitecture;
      const [first, second] = [ranks[a] as number, ranks[b] as number];
      return first === second ? a - b : first < second ? -1 : 1;
    });
}

function takeItems(column: MetricColumn, positions: readonly number[]): MetricColumn {
  const items = itemsPerRow(column);
  const values = new Float32Array(positions.length * items);
  const recorded = column.recorded === null ? null : new Uint8Array(positions.length * items);
  positions.forEach((from, to) => {
    values.set(column.values.subarray(from * items, (from + 1) * items), to * items);
    recorded?.set((column.recorded as Uint8Array).subarray(from * items, (from + 1) * items), to * items);
  });
  return { ...column, values, recorded };
}

/** The rows at these positions, in this order. */
export function takeRows(table: TrialTable, positions: readonly number[]): TrialTable {
  return {
    rows: {
      architecture: Uint16Array.from(positions, (from) => table.rows.architecture[from] as number),
      trialSeed: positions.map((from) => table.rows.trialSeed[from] ?? null),
      aggregatedSeeds: positions.map((from) => table.rows.aggregatedSeeds[from] ?? null),
      ...(table.rows.weightsSha256 === undefined
        ? {}
        : { weightsSha256: positions.map((from) => table.rows.weightsSha256?.[from] as string) }),
    },
    columns: table.columns.map((column) => takeItems(column, positions)),
  };
}

/** The rows from `start` to before `end`, without a copy of their values. */
export function sliceRows({ rows, columns }: TrialTable, start: number, end: number): TrialTable {
  return {
    rows: {
      architecture: rows.architecture.subarray(start, end),
      trialSeed: rows.trialSeed.slice(start, end),
      aggregatedSeeds: rows.aggregatedSeeds.slice(start, end),
      ...(rows.weightsSha256 === undefined ? {} : { weightsSha256: rows.weightsSha256.slice(start, end) }),
    },
    columns: columns.map((column) => {
      const items = itemsPerRow(column);
      return {
        ...column,
        values: column.values.subarray(start * items, end * items),
        recorded: column.recorded?.subarray(start * items, end * items) ?? null,
      };
    }),
  };
}

/** The same trials in the order that files, hashes and lookups expect. */
export function sortTrials(table: TrialTable): TrialTable {
  const positions = sortedPositions(table.rows);
  return positions.every((position, at) => position === at) ? table : takeRows(table, positions);
}

function concatenateColumn(parts: readonly TrialTable[], at: number): MetricColumn {
  const columns = parts.map((part) => part.columns[at] as MetricColumn);
  const first = columns[0] as MetricColumn;
  const lengths = columns.map((column) => column.values.length);
  const total = lengths.reduce((sum, length) => sum + length, 0);
  const values = new Float32Array(total);
  const recorded = columns.every((column) => column.recorded === null) ? null : new Uint8Array(total).fill(1);
  let offset = 0;
  columns.forEach((column, part) => {
    values.set(column.values, offset);
    if (column.recorded !== null) recorded?.set(column.recorded, offset);
    offset += lengths[part] as number;
  });
  return { ...first, values, recorded };
}

/** The rows of several tables one after the other, whatever their order. */
export function concatenateRows(parts: readonly TrialRows[]): TrialRows {
  const architecture = new Uint16Array(parts.reduce((sum, part) => sum + part.architecture.length, 0));
  let offset = 0;
  for (const part of parts) {
    architecture.set(part.architecture, offset);
    offset += part.architecture.length;
  }
  return {
    architecture,
    trialSeed: parts.flatMap((part) => part.trialSeed),
    aggregatedSeeds: parts.flatMap((part) => part.aggregatedSeeds),
    ...(parts.every((part) => part.weightsSha256 !== undefined)
      ? { weightsSha256: parts.flatMap((part) => part.weightsSha256 as readonly string[]) }
      : {}),
  };
}

/** The trials of several files with the same columns as one table in order. */
export function concatenateTrials(parts: readonly TrialTable[]): TrialTable {
  const [first, ...others] = parts;
  if (first === undefined) throw new RangeError("no trials to concatenate");
  if (others.length === 0) return first;
  return sortTrials({
    rows: concatenateRows(parts.map(({ rows }) => rows)),
    columns: first.columns.map((_, at) => concatenateColumn(parts, at)),
  });
}
