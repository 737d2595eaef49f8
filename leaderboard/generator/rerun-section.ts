import { limitText } from "../../core/costs/constraints.ts";
import type { PublishedTable } from "../../schemas/generated/published-results.ts";
import { type ComputedRows, computeIfRecorded, type TableFolder } from "./computed-rows.ts";
import type { LeaderboardRow, Section } from "./leaderboard.ts";
import { FEWEST_RANKED_RUNS, isTooShort, rankingColumn } from "./ranking.ts";
import type { RerunSet } from "./rerun-rows.ts";
import { anchorOf, columnNames, columnsOf, groupRows } from "./sections.ts";
import { plainText } from "./text.ts";

/** The table that re-runs were made on, if it was found: same name, version and content. */
export function tableOf(set: RerunSet, tables: readonly TableFolder[]): TableFolder | undefined {
  const { id, version, searchContentHash } = set.table;
  return tables.find(
    ({ card }) => card.id === id && card.version === version && card.searchContentHash === searchContentHash,
  );
}

function failureNotes(rows: readonly LeaderboardRow[]): string[] {
  return rows
    .filter(({ failures }) => failures.length > 0)
    .map(({ title, failures }) => {
      const kinds = failures.map(({ code, runs, what }) => `${runs} x ${code} (the first: ${what})`);
      return `Failed runs of ${title} are in no figure: ${kinds.join("; ")}.`;
    });
}

/**
 * The section of re-runs that may be ranked together, with ResNet and the optimum of their table if it is there.
 * @param remarks receives why there are no computed rows
 * @throws NAS_TABLE_CORRUPT
 */
export function rerunSection(
  set: RerunSet,
  tables: readonly TableFolder[],
  published: readonly PublishedTable[],
  remarks: string[],
): Section {
  const { protocol, table, search, definition, constraints } = set;
  const report = definition?.searches.find(({ id }) => id === search)?.report;
  const folder = tableOf(set, tables);
  const computed: ComputedRows =
    definition === null || report === undefined || folder === undefined
      ? { rows: [], cells: [], notes: [] }
      : computeIfRecorded(folder, definition, report, remarks);
  const columns = columnsOf(columnNames(set.rows));
  const pair = `${protocol.id} ${protocol.version} on ${table.id} ${table.version}`;
  const content = table.searchContentHash.slice(0, 12);
  const costContents = [...new Set(constraints.map(({ costs }) => costs.contentHash.slice(0, 12)))];
  const limits = constraints.map((limit) => `${limitText(limit)} (content ${limit.costs.contentHash.slice(0, 12)})`);
  const isOnlySearch = definition?.searches.length === 1;
  return {
    id: anchorOf([protocol.id, protocol.version, table.id, table.version, content, search, ...costContents]),
    kind: "re-run",
    heading: plainText(
      `Re-run here: ${pair}${isOnlySearch ? "" : `, search ${search}`}${limits.length === 0 ? "" : ", constrained"}`,
    ),
    caption: plainText(
      `Protocol ${protocol.id} ${protocol.version}, table ${table.id} ${table.version} (content ${content})${limits.length === 0 ? "" : `. Constrained: ${limits.join("; ")}`}`,
    ),
    columns,
    rankedBy: rankingColumn(columns),
    groups: groupRows(set.rows, computed.rows, columns, published),
    cells: computed.cells,
    notes: [
      ...(definition === null ? [] : [plainText(definition.description)]),
      ...(set.rows.some(isTooShort)
        ? [
            `Rows of fewer than ${FEWEST_RANKED_RUNS} runs stand where their mean is and have no rank: an interval over so few runs is too narrow, and no test could tell them from their neighbours.`,
          ]
        : []),
      ...failureNotes(set.rows),
      ...computed.notes,
    ],
  };
}
