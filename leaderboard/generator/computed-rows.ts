import { HarnessError } from "../../core/errors/harness-error.ts";
import { formatArchitecture } from "../../core/space/codec.ts";
import { ARCHITECTURE_COUNT } from "../../core/space/operations.ts";
import { openReportedValues, type ReportedValueOf } from "../../core/tables/reported-values.ts";
import { readCard, SearchView } from "../../core/tables/search-view.ts";
import type { Protocol, ReportColumn } from "../../schemas/generated/protocol.ts";
import type { TableCard } from "../../schemas/generated/table-card.ts";
import type { Accuracy, LeaderboardRow, NamedCell } from "./leaderboard.ts";
import { rememberedValues } from "./remembered-values.ts";

/** The cell that the published table calls ResNet: a residual block of two 3x3 convolutions. */
export const RESNET_ARCHITECTURE = 11_472;

/** Method id of the row with the best cell of each column. */
export const OPTIMAL_METHOD = "optimal";

const COMPUTED_NOTE =
  "Computed rows are read from the table, without a search: each figure is the mean over all trainings of a cell, and the optimum has the best cell of each column.";

/** A benchmark table on disk. */
export interface TableFolder {
  readonly folder: string;
  readonly card: TableCard;
  /** Each file is read when it is first needed. */
  readonly search: SearchView;
  readonly reported: ReportedValueOf;
}

/** The table of a folder. @throws NAS_TABLE_NOT_FOUND, NAS_TABLE_CORRUPT, NAS_SCHEMA */
export function openTableFolder(folder: string): TableFolder {
  const card = readCard(folder);
  const search = new SearchView(folder, card);
  return { folder, card, search, reported: rememberedValues(openReportedValues(folder, card, search)) };
}

/** Rows that are read from a table, and what to know of them. */
export interface ComputedRows {
  readonly rows: readonly LeaderboardRow[];
  readonly cells: readonly NamedCell[];
  readonly notes: readonly string[];
}

function accuracyOf(architecture: number, mean: number): Accuracy {
  return { mean, std: null, low: null, high: null, architecture };
}

/** The cell with the highest value of a column, the lowest index of equals. */
function bestOf(column: ReportColumn, reportedValue: ReportedValueOf): Accuracy {
  let best = accuracyOf(0, reportedValue(0, column));
  for (let architecture = 1; architecture < ARCHITECTURE_COUNT; architecture++) {
    const value = reportedValue(architecture, column);
    if (value > best.mean) best = accuracyOf(architecture, value);
  }
  return best;
}

/**
 * The ResNet cell and the optimum as a table gives them: each column of the optimum has the best cell of its own.
 * @throws NAS_NOT_RECORDED if a cell's value is missing, NAS_TABLE_CORRUPT
 */
export function computeRows(table: TableFolder, protocol: Protocol, report: readonly ReportColumn[]): ComputedRows {
  const { id, version, searchContentHash } = table.card;
  const reportedValue = table.reported;
  const row = (method: string, title: string, valueIn: (column: ReportColumn) => Accuracy): LeaderboardRow => ({
    origin: "computed",
    method,
    title,
    variant: null,
    version: null,
    options: null,
    protocol: { id: protocol.id, version: protocol.version },
    table: { id, version, searchContentHash },
    runs: null,
    plannedRuns: null,
    failures: [],
    distinctRuns: null,
    evaluationsPerRun: null,
    searchSeconds: null,
    measuredCpuSeconds: null,
    recordsDigest: null,
    standing: null,
    accuracies: Object.fromEntries(report.map((column) => [column.column, valueIn(column)])),
    extra: {},
  });
  const resnet = row("resnet", "ResNet", (column) =>
    accuracyOf(RESNET_ARCHITECTURE, reportedValue(RESNET_ARCHITECTURE, column)),
  );
  const optimal = row(OPTIMAL_METHOD, "optimal", (column) => bestOf(column, reportedValue));
  return { rows: [resnet, optimal], cells: cellsOf([resnet, optimal]), notes: [COMPUTED_NOTE] };
}

/** The cells that rows name, each once, in the order in which they occur. */
function cellsOf(rows: readonly LeaderboardRow[]): NamedCell[] {
  const named = rows.flatMap((row) => Object.values(row.accuracies).map((accuracy) => accuracy?.architecture ?? null));
  const distinct = [...new Set(named)].filter((architecture) => architecture !== null);
  return distinct.map((architecture) => ({ architecture, text: formatArchitecture(architecture) }));
}

/**
 * {@link computeRows}, or no rows and a remark where a table lacks a figure.
 * @param remarks receives the remark
 * @throws NAS_TABLE_CORRUPT
 */
export function computeIfRecorded(
  table: TableFolder,
  protocol: Protocol,
  report: readonly ReportColumn[],
  remarks: string[],
): ComputedRows {
  try {
    return computeRows(table, protocol, report);
  } catch (error) {
    if (!(error instanceof HarnessError) || error.code !== "NAS_NOT_RECORDED") throw error;
    remarks.push(`ResNet and the optimum are not computed from ${table.folder}: ${error.details.what}`);
    return { rows: [], cells: [], notes: [] };
  }
}
