import { builtInProtocols, loadProtocol } from "../../core/protocols/protocol-file.ts";
import type { Protocol } from "../../schemas/generated/protocol.ts";
import type { PublishedTable } from "../../schemas/generated/published-results.ts";
import { computeIfRecorded, type TableFolder } from "./computed-rows.ts";
import type { Section } from "./leaderboard.ts";
import { anchorOf, columnNames, columnsOf, groupRows } from "./sections.ts";

/** The protocol that says what is reported of a benchmark: one that was published, else the first that ships; or none. */
function protocolOf(benchmark: string, published: readonly PublishedTable[]): Protocol | undefined {
  const builtIn = builtInProtocols();
  const names = [...published.map(({ protocol }) => protocol), ...builtIn];
  const protocols = names.filter((name) => builtIn.includes(name)).map((name) => loadProtocol(name));
  return protocols.find(({ table }) => table === benchmark);
}

/**
 * Sections for tables on which nothing was re-run: ResNet and the optimum as they give them, beside what was published.
 * @param remarks receives which tables lack the figures
 * @throws NAS_TABLE_CORRUPT
 */
export function computedSections(
  tables: readonly TableFolder[],
  published: readonly PublishedTable[],
  remarks: string[],
): Section[] {
  const sections: Section[] = [];
  for (const table of tables) {
    const protocol = protocolOf(table.card.benchmark, published);
    if (protocol === undefined) continue;
    const report = protocol.searches.flatMap((search) => search.report);
    const { rows, cells, notes } = computeIfRecorded(table, protocol, report, remarks);
    if (rows.length === 0) continue;
    const { id, version, searchContentHash } = table.card;
    const columns = columnsOf(columnNames(rows));
    sections.push({
      id: anchorOf(["computed", id, version, searchContentHash.slice(0, 12)]),
      kind: "computed",
      heading: `Computed from table ${id} ${version}`,
      caption: `Table ${id} ${version} (content ${searchContentHash.slice(0, 12)}); nothing was re-run on it yet`,
      columns,
      rankedBy: null,
      groups: groupRows([], rows, columns, published),
      cells,
      notes,
    });
  }
  return sections;
}
