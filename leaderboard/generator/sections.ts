import type { PublishedTable } from "../../schemas/generated/published-results.ts";
import type { LeaderboardColumn, LeaderboardRow, RowGroup, Section } from "./leaderboard.ts";
import { belongsTo, publishedRows } from "./published-rows.ts";
import { rankingColumn, sortByMean } from "./ranking.ts";

const DATASET_TITLES: Readonly<Record<string, string>> = {
  cifar10: "CIFAR-10",
  cifar100: "CIFAR-100",
  "imagenet16-120": "ImageNet16-120",
  "fashion-mnist-8x8": "Fashion-MNIST 8x8",
};

/** Columns by their names, `<dataset>.<split>`. */
export function columnsOf(names: readonly string[]): LeaderboardColumn[] {
  return names.map((name) => {
    const dot = name.lastIndexOf(".");
    const dataset = dot < 0 ? name : name.slice(0, dot);
    return { name, dataset: DATASET_TITLES[dataset] ?? dataset, split: dot < 0 ? "" : name.slice(dot + 1) };
  });
}

/** The names of all columns of rows, in the order in which they occur. */
export function columnNames(rows: readonly LeaderboardRow[]): string[] {
  return [...new Set(rows.flatMap((row) => Object.keys(row.accuracies)))];
}

/** An anchor made from words; words that are no fit for one lose what doesn't fit. */
export function anchorOf(words: readonly string[]): string {
  const text = words.join("-").toLowerCase();
  return text.replace(/[^a-z0-9.]+/g, "-").replace(/^-+|-+$/g, "");
}

/** The section of a published table, in the table's own order. */
export function publishedSection(table: PublishedTable): Section {
  const rows = publishedRows(table);
  return {
    id: anchorOf(["published", table.id]),
    kind: "published",
    heading: `Published: ${table.title}`,
    caption: `As printed in ${table.source}.`,
    columns: columnsOf(columnNames(rows)),
    rankedBy: null,
    groups: rows.map((row) => ({ rank: null, row, published: [] })),
    cells: [],
    notes: table.notes ?? [],
  };
}

/**
 * Re-runs by descending mean, then computed rows, each with the published rows of the same method, if the protocol re-runs
 * what was published. Ranks are not known yet: they come from the single runs.
 */
export function groupRows(
  reruns: readonly LeaderboardRow[],
  computed: readonly LeaderboardRow[],
  columns: readonly LeaderboardColumn[],
  published: readonly PublishedTable[],
): RowGroup[] {
  const rankedBy = rankingColumn(columns);
  const sorted = sortByMean(reruns, rankedBy);
  const companions = (row: LeaderboardRow) =>
    published
      .filter((table) => belongsTo(table, row.protocol.id))
      .flatMap((table) => publishedRows(table).filter(({ method }) => method === row.method));
  return [...[...sorted, ...computed].map((row) => ({ rank: null, row, published: companions(row) }))];
}
