import { hash } from "node:crypto";
import { DISTINCTION_LEVEL } from "../../core/statistics/distinction.ts";
import { ArchitectureValues } from "./architecture-values.ts";
import { architecturePath, benchmarkPath, methodPath, tablePath } from "./links.ts";
import type { PageContext } from "./page-context.ts";
import { architecturePage } from "./pages/architecture-page.ts";
import { benchmarkPage } from "./pages/benchmark-page.ts";
import { hasRanksOnPages, methodPage } from "./pages/method-page.ts";
import { tablePage } from "./pages/table-page.ts";
import type { MethodResult, SiteBenchmark } from "./site-model.ts";

/** A page that is rendered only if its key differs from that of the page on disk. */
export interface SitePage {
  /** Place below the site's root. */
  readonly place: string;
  /** SHA-256 of everything that the page is made from. */
  readonly key: string;
  readonly render: () => string;
}

function hashOf(parts: readonly unknown[]): string {
  return hash("sha256", JSON.stringify(parts));
}

/** What of a benchmark is on the page of one of its methods. */
function contextOf(benchmark: SiteBenchmark, { id }: MethodResult): unknown[] {
  const { section, report, optima, distinctions } = benchmark;
  const own = [benchmark.id, section.heading, section.rankedBy, report, optima];
  const ranks = distinctions.map(({ column, ranks: all }) => [column, all.get(id) ?? null]);
  const ranked = distinctions.find(({ column }) => column === section.rankedBy);
  if (!hasRanksOnPages(benchmark)) return [...own, ranked?.ids.includes(id) ?? false];
  const alike = ranked?.ids.includes(id) ? ranked.ids.filter((other) => ranked.p(id, other) >= DISTINCTION_LEVEL) : [];
  return [...own, ranks, alike, ranked?.ids.length ?? 0];
}

/** What pages of several kinds depend on. */
interface Shared {
  /** Hash of what every page is made with. */
  readonly base: string;
  readonly tables: readonly unknown[];
  readonly costs: readonly unknown[];
}

function* tablePages(context: PageContext, { base }: Shared): Generator<SitePage> {
  const { site } = context;
  for (const table of site.tables) {
    const used = site.benchmarks.filter((benchmark) => benchmark.table === table.id);
    const about = used.map(({ id, section, optima }) => [id, section.heading, optima]);
    yield {
      place: tablePath(table.id),
      key: hashOf([base, table.id, table.card, about]),
      render: () => tablePage(context, table),
    };
  }
}

function* benchmarkPages(context: PageContext, { base, tables, costs }: Shared): Generator<SitePage> {
  const { site, board } = context;
  for (const benchmark of site.benchmarks) {
    const { id, section, protocol, search, report, optima, results, table } = benchmark;
    const rows = results.map((result) => [result.id, result.factsKey, result.about, result.command]);
    const own = [id, section, protocol, search, report, optima, rows, table];
    yield {
      place: benchmarkPath(id),
      key: hashOf([base, ...own, tables, costs, board.extraColumns, board.reading]),
      render: () => benchmarkPage(context, benchmark),
    };
  }
}

function* methodPages(context: PageContext, { base }: Shared): Generator<SitePage> {
  for (const benchmark of context.site.benchmarks) {
    for (const result of benchmark.results) {
      const { row, about, statement, command, factsKey } = result;
      yield {
        place: methodPath(result.id),
        key: hashOf([base, row, about, statement, command, factsKey, contextOf(benchmark, result)]),
        render: () => methodPage(context, benchmark, result),
      };
    }
  }
}

function* architecturePages(context: PageContext, { base, tables, costs }: Shared): Generator<SitePage> {
  const values = new ArchitectureValues();
  const all = hashOf([base, tables, costs]);
  // Once for each method: it may be on a page of each of its answers. Sixteen digits of it: a page may name a thousand methods.
  const shown = new Map<MethodResult, string>();
  for (const { id, section, results } of context.site.benchmarks) {
    for (const result of results) {
      const { title, variant, runs } = result.row;
      shown.set(result, hashOf([id, section.heading, result.id, title, variant, runs]).slice(0, 16));
    }
  }
  for (const entry of context.architectures) {
    const answers = entry.answers.map(({ result, runs }) => `${shown.get(result)} ${runs}`).join("\n");
    yield {
      place: architecturePath(entry.architecture),
      key: hashOf([all, entry.architecture, entry.roles, answers]),
      render: () => architecturePage(context, entry, values),
    };
  }
}

/** Two lists in their orders, each spread evenly over the other. */
function spread<T>(one: Iterable<T>, other: Iterable<T>): T[] {
  const placed = [[...one], [...other]].flatMap((list) =>
    list.map((item, at) => ({ item, place: (at + 0.5) / list.length })),
  );
  return placed.sort((a, b) => a.place - b.place).map(({ item }) => item);
}

/**
 * Every page but the overview. A method's page takes long to make and an architecture's to write: by turns, one is written
 * while the other is made, and what is left can be estimated from what is done.
 * @param base hash of what every page is made with
 */
export function* sitePages(context: PageContext, base: string): Generator<SitePage> {
  const { site } = context;
  const shared: Shared = {
    base,
    tables: site.tables.map(({ id, card }) => [id, hashOf([card])]),
    costs: site.costs.map(({ card }) => hashOf([card])),
  };
  yield* tablePages(context, shared);
  yield* benchmarkPages(context, shared);
  yield* spread(methodPages(context, shared), architecturePages(context, shared));
}
