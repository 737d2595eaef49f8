import type { LeaderboardRow, Section } from "../../leaderboard/generator/leaderboard.ts";
import type { CollectedSite } from "../../leaderboard/site/collect-site.ts";
import type { MethodResult, Site, SiteBenchmark } from "../../leaderboard/site/site-model.ts";
import type { AlgorithmSubmission } from "../../schemas/generated/submission.ts";
import type { TableCard } from "../../schemas/generated/table-card.ts";
import type { VerificationStatement } from "../../schemas/generated/verification-statement.ts";

/** Replaces what is written by others, wherever a page could show it, by one text. */
export function withText(collected: CollectedSite, text: string): CollectedSite {
  const row = (own: LeaderboardRow): LeaderboardRow => ({
    ...own,
    title: text,
    variant: text,
    options: { [text]: text },
    failures: [{ code: "NAS_ALGORITHM_THREW", runs: 1, what: text }],
    standing: { kind: "checked", url: text, fresh: null },
    extra: Object.fromEntries(Object.keys(own.extra).map((name) => [name, text])),
  });
  const rows = new Map<LeaderboardRow, LeaderboardRow>();
  const shared = (own: LeaderboardRow) => {
    const known = rows.get(own) ?? row(own);
    rows.set(own, known);
    return known;
  };
  const section = (own: Section): Section => ({
    ...own,
    heading: text,
    caption: text,
    notes: [text],
    groups: own.groups.map((group) => ({ ...group, row: shared(group.row), published: group.published.map(shared) })),
  });
  const result = (own: MethodResult): MethodResult => ({
    ...own,
    row: shared(own.row),
    command: text,
    about: {
      description: text,
      authors: [text, text],
      licence: text,
      paper: { title: text, authors: text, year: 2020, url: text },
      kind: "evaluations",
      submission: { priors: [text], isolation: "box" } as unknown as AlgorithmSubmission,
    },
    statement: statementOf(text),
    runs: () => own.runs().map((run) => ({ ...run, seed: text, digest: text })),
  });
  const benchmark = (own: SiteBenchmark): SiteBenchmark => ({
    ...own,
    section: section(own.section),
    protocol: own.protocol === null ? null : { ...own.protocol, title: text, description: text },
    results: own.results.map(result),
  });
  const site: Site = {
    title: text,
    benchmarks: collected.site.benchmarks.map(benchmark),
    otherSections: collected.site.otherSections.map(section),
    tables: collected.site.tables.map((table) => ({ ...table, card: cardOf(table.card, text) })),
    costs: collected.site.costs,
  };
  const board = {
    ...collected.board,
    title: text,
    sections: [...site.benchmarks.map((own) => own.section), ...site.otherSections],
    unfinished: [text],
    extraColumns: collected.board.extraColumns.map((head) => ({ ...head, title: text })),
  };
  return { ...collected, board, site };
}

function cardOf(card: TableCard, text: string): TableCard {
  const { datasets, expectedOptima } = card;
  return {
    ...card,
    title: text,
    licence: text,
    provenance: { description: text, sources: [{ file: text, sha256: "0".repeat(64), bytes: 1 }] },
    // Ids stay: values are asked by them.
    datasets: datasets.map((dataset) => ({ ...dataset, title: text })),
    expectedOptima: expectedOptima.map((optimum) => ({ ...optimum, source: text })),
  };
}

function statementOf(text: string): VerificationStatement {
  return {
    _type: "https://in-toto.io/Statement/v1",
    subject: [
      {
        name: text,
        digest: { sha256: text },
        annotations: {
          freshSeeds: [{ search: text, runs: 3, columns: { [text]: { mean: 1, std: 0, low: 1, high: 1 } } }],
        },
      },
    ],
    predicateType: "https://in-toto.io/attestation/test-result/v0.1",
    predicate: {
      result: "FAILED",
      configuration: [{ name: text, digest: { sha256: text } }],
      url: text,
      passedTests: [text],
      warnedTests: [text],
      failedTests: [text],
    },
  };
}
