import type { TrialTable, View } from "../../tables/column.ts";
import { viewOf } from "../../tables/table-writer.ts";
import type { OfficialDataset, OfficialTrial } from "../official-trial.ts";
import { metricColumns } from "./metric-columns.ts";
import { fingerprintOf, type SizeDifference, sizeDifferences, type TrialIdentities } from "./trial-facts.ts";

/** The trials of one view of one (dataset, recipe). */
export interface CollectedView {
  readonly dataset: OfficialDataset;
  readonly recipe: string;
  /** Epochs of the whole schedule. */
  readonly epochs: number;
  readonly view: View;
  readonly table: TrialTable;
}

/** What is told of trials besides their values. */
export interface CollectedFacts {
  readonly identities: readonly TrialIdentities[];
  readonly sizes: readonly SizeDifference[];
}

/** Gathers trials in any order into columns. */
export class TrialCollector {
  readonly #trials = new Map<string, OfficialTrial[]>();
  /** Number of values that were added. */
  values = 0;

  add(trial: OfficialTrial): void {
    const key = `${trial.dataset}/${trial.recipe}/${trial.epochs}`;
    const alike = this.#trials.get(key);
    if (alike === undefined) this.#trials.set(key, [trial]);
    else alike.push(trial);
    this.values += trial.metrics.size * trial.epochs;
  }

  /** What was added, (dataset, recipe) by (dataset, recipe) in ascending order of their names. */
  views(): CollectedView[] {
    return this.#groups().flatMap((trials) => {
      const { dataset, recipe, epochs } = trials[0] as OfficialTrial;
      const content = {
        recipe,
        epochs,
        rows: {
          architecture: Uint16Array.from(trials, ({ architecture }) => architecture),
          trialSeed: trials.map(({ seed }) => seed),
          aggregatedSeeds: trials.map(() => null),
        },
        columns: metricColumns(trials, epochs),
      };
      return (["search", "test"] as const).flatMap((view): CollectedView[] => {
        const table = viewOf(content, view);
        return table === null || table.rows.architecture.length === 0 ? [] : [{ dataset, recipe, epochs, view, table }];
      });
    });
  }

  /** Fingerprints and odd sizes of what was added. */
  facts(): CollectedFacts {
    const identities = this.#groups().map((trials): TrialIdentities => {
      const { dataset, recipe } = trials[0] as OfficialTrial;
      return {
        dataset,
        recipe,
        architecture: trials.map(({ architecture }) => architecture),
        seed: trials.map(({ seed }) => seed),
        fingerprint: trials.map(fingerprintOf),
      };
    });
    return { identities, sizes: this.#groups().flatMap((trials) => trials.flatMap(sizeDifferences)) };
  }

  #groups(): OfficialTrial[][] {
    return [...this.#trials].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, trials]) => trials);
  }
}
