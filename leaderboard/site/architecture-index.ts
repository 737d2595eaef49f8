import { RESNET_ARCHITECTURE } from "../generator/computed-rows.ts";
import type { MethodResult, Site, SiteBenchmark } from "./site-model.ts";

/** A method that answered with an architecture. */
export interface ArchitectureAnswer {
  readonly benchmark: SiteBenchmark;
  readonly result: MethodResult;
  /** Runs that answered with it. */
  readonly runs: number;
}

/** Why an architecture has a page. */
export interface SiteArchitecture {
  /** Official index. */
  readonly architecture: number;
  /** Methods that answered with it, as the benchmarks have them. */
  readonly answers: readonly ArchitectureAnswer[];
  /** What it is besides, in words: ResNet's cell, a column's optimum. */
  readonly roles: readonly string[];
}

/** The architectures of a site by ascending index: answers of runs, optima, and ResNet's cell. */
export function siteArchitectures(site: Site): SiteArchitecture[] {
  const found = new Map<number, { answers: ArchitectureAnswer[]; roles: Set<string> }>();
  const entry = (architecture: number) => {
    const known = found.get(architecture) ?? { answers: [], roles: new Set<string>() };
    found.set(architecture, known);
    return known;
  };
  entry(RESNET_ARCHITECTURE).roles.add("the cell that the published table calls ResNet");
  for (const benchmark of site.benchmarks) {
    const card = site.tables.find(({ id }) => id === benchmark.table)?.card;
    for (const [column, { architecture }] of Object.entries(benchmark.optima)) {
      entry(architecture).roles.add(`the best cell of ${column} in table ${card?.id} ${card?.version}`);
    }
    for (const result of benchmark.results) {
      for (const { architecture, runs } of result.facts.answers) {
        entry(architecture).answers.push({ benchmark, result, runs });
      }
    }
  }
  for (const { cells } of site.otherSections) for (const { architecture } of cells) entry(architecture);
  return [...found]
    .sort(([a], [b]) => a - b)
    .map(([architecture, { answers, roles }]) => ({ architecture, answers, roles: [...roles] }));
}
