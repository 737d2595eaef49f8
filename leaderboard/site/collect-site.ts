import path from "node:path";
import type { ReportColumn } from "../../schemas/generated/protocol.ts";
import { type CollectedLeaderboard, collectLeaderboard, type LeaderboardSources } from "../generator/collect.ts";
import type { TableFolder } from "../generator/computed-rows.ts";
import type { LeaderboardRow, Section } from "../generator/leaderboard.ts";
import { FEWEST_RANKED_RUNS } from "../generator/ranking.ts";
import type { RerunSet } from "../generator/rerun-rows.ts";
import { tableOf } from "../generator/rerun-section.ts";
import { compareWithCache } from "./comparison-cache.ts";
import { FactsCache } from "./facts-cache.ts";
import { pageName } from "./links.ts";
import { describeResult, resultId, runsSha256 } from "./method-result.ts";
import { openCosts } from "./open-costs.ts";
import { optimaOf, shownOptima } from "./optima.ts";
import { withRanks } from "./rank-groups.ts";
import { factsOf, type ValueSource } from "./run-facts.ts";
import { readShownRuns } from "./shown-runs.ts";
import type { Distinction, MethodResult, RunFacts, Site, SiteBenchmark, SiteTable } from "./site-model.ts";

/** A site and what whoever asked for it should be told besides. */
export interface CollectedSite extends CollectedLeaderboard {
  readonly site: Site;
}

const NO_FACTS: RunFacts = { values: {}, answers: [], curves: [] };

/** Which rows a column's values tell apart. */
function distinctionOf(
  benchmark: string,
  column: string,
  results: readonly MethodResult[],
  cacheFolder: string,
): Distinction | null {
  const compared = results.filter(({ facts }) => (facts.values[column]?.length ?? 0) >= FEWEST_RANKED_RUNS);
  if (compared.length < 2) return null;
  const samples = compared.map(({ facts }) => facts.values[column] as readonly number[]);
  const file = path.join(cacheFolder, pageName([benchmark, column]));
  const { order, ranks, groups, p } = compareWithCache(
    file,
    samples,
    compared.map(({ factsKey }) => factsKey as string),
  );
  const idAt = (at: number) => (compared[at] as MethodResult).id;
  const positions = new Map(compared.map(({ id }, at) => [id, at]));
  return {
    column,
    ids: order.map(idAt),
    ranks: new Map(ranks.map((range, at) => [idAt(at), range])),
    groups: groups.map((group) => group.map(idAt)),
    p: (first, second) => p(positions.get(first) as number, positions.get(second) as number),
  };
}

/** Names pages of tables: the table's id and version, and the beginning of its hash where these are taken. */
function siteTables(tables: readonly TableFolder[]): SiteTable[] {
  const taken = new Set<string>();
  return tables.map((table) => {
    const { card } = table;
    const short = pageName([card.id, card.version]);
    const id = taken.has(short) ? pageName([card.id, card.version, card.searchContentHash.slice(0, 12)]) : short;
    taken.add(id);
    return { id, ...table };
  });
}

/** A name for each benchmark's page: protocol, version and search, and more of what it is where these are taken. */
function benchmarkIds(sets: readonly RerunSet[], sectionIds: readonly string[]): string[] {
  const taken = new Set<string>();
  return sets.map(({ protocol, table, search, definition, constraints }, at) => {
    const searches = definition?.searches.length === 1 ? [] : [search];
    const words = [protocol.id, protocol.version, ...searches, ...(constraints.length === 0 ? [] : ["constrained"])];
    const candidates = [words, [...words, "on", table.id, table.version]].map(pageName);
    const id = candidates.find((one) => !taken.has(one)) ?? pageName([sectionIds[at] as string]);
    taken.add(id);
    return id;
  });
}

/** What is the same for all benchmarks of a site that is being collected. */
interface Collecting {
  readonly collected: CollectedLeaderboard;
  readonly shownTables: readonly SiteTable[];
  readonly cacheFolder: string;
  readonly facts: FactsCache;
  /** Names of methods' pages so far. */
  readonly taken: Set<string>;
  readonly onRow: () => void;
}

function benchmarkOf(
  id: string,
  set: RerunSet,
  at: number,
  { collected, shownTables, cacheFolder, facts: cache, taken, onRow }: Collecting,
): SiteBenchmark {
  const { board, tables } = collected;
  const section = board.sections[at] as Section;
  const definition = set.definition?.searches.find(({ id }) => id === set.search) ?? null;
  const report: readonly ReportColumn[] = definition?.report ?? [];
  const table = tableOf(set, tables) ?? null;
  const reported = table?.reported ?? null;
  const values: ValueSource | null =
    reported === null ? null : { reported, optima: shownOptima(section) ?? optimaOf(report, reported) };
  // Hashed once: a card of many files is long, and a thousand rows have the same.
  const about = FactsCache.key([
    JSON.stringify(definition),
    set.table.searchContentHash,
    values === null ? "no table" : JSON.stringify(table?.card),
  ]);
  // The section's rows have the extensions' columns too.
  const nameOf = ({ method, recordsDigest }: LeaderboardRow) => `${method} ${recordsDigest}`;
  const shownRows = new Map(section.groups.map(({ row }) => [nameOf(row), row] as const));
  const results = set.rows.map((plain, position): MethodResult => {
    const source = set.sources[position] ?? null;
    const row = shownRows.get(nameOf(plain)) ?? plain;
    const resultName = resultId(row, id, taken);
    taken.add(resultName);
    const runs = () => (source === null || definition === null ? [] : readShownRuns(source, definition, reported));
    const key = source === null ? null : FactsCache.key([runsSha256(source), about]);
    const facts = key === null ? NO_FACTS : cache.get(key, () => factsOf(runs(), report, values));
    onRow();
    return { id: resultName, facts, factsKey: key, runs, ...describeResult(source, row, cache) };
  });
  const distinctions = report.flatMap(({ column }) => distinctionOf(id, column, results, cacheFolder) ?? []);
  return {
    id,
    section: withRanks(section, results, distinctions),
    protocol: set.definition,
    search: set.search,
    report,
    results,
    optima: values?.optima ?? {},
    distinctions,
    table: shownTables.find(({ card, folder }) => card === table?.card && folder === table.folder)?.id ?? null,
  };
}

/** Does something that derives facts, and keeps those that were derived, also where a later row can't be read. */
function collectKept<T>(facts: FactsCache, work: () => T): T {
  try {
    return work();
  } finally {
    facts.finish();
  }
}

/**
 * Collects what the site is made from.
 * @param cacheFolder where facts of rows are kept between builds
 * @param onRow tells of how many rows of how many the runs were read
 * @throws as {@link collectLeaderboard}, NAS_RECORD_CORRUPT, NAS_PLUGIN_MANIFEST, NAS_WRITE_FAILED
 */
export function collectSite(
  sources: LeaderboardSources,
  cacheFolder: string,
  onRow: (done: number, total: number) => void = () => {},
): CollectedSite {
  const collected = collectLeaderboard(sources);
  const { board, sets } = collected;
  const tables = siteTables(collected.tables);
  const rows = sets.reduce((sum, set) => sum + set.rows.length, 0);
  let read = 0;
  const collecting: Collecting = {
    collected,
    shownTables: tables,
    cacheFolder,
    facts: new FactsCache(path.join(cacheFolder, "facts")),
    taken: new Set<string>(),
    onRow: () => onRow(++read, rows),
  };
  const ids = benchmarkIds(
    sets,
    board.sections.map(({ id }) => id),
  );
  const benchmarks = collectKept(collecting.facts, () =>
    sets.map((set, at) => benchmarkOf(ids[at] as string, set, at, collecting)),
  );
  collecting.facts.sweep();
  const otherSections = board.sections.slice(sets.length);
  const remarks = [...collected.remarks];
  const costs = openCosts(sources.costs, remarks);
  const site: Site = { title: board.title, benchmarks, otherSections, tables, costs };
  const sections = [...benchmarks.map(({ section }) => section), ...otherSections];
  return { ...collected, board: { ...board, sections }, remarks, site };
}
