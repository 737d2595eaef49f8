import type { ExpectedOptimum } from "../../../schemas/generated/table-card.ts";
import type { MetricName } from "../../tables/column.ts";
import type { Finding } from "../findings.ts";
import type { NameChecksum } from "./name-checksum.ts";
import type { SizeDifference } from "./trial-facts.ts";

/** Name of the file beside a table's card. */
export const REPORT_NAME = "import-report.json";

/** How many trainings of one (dataset, recipe) have a seed. */
export interface SeedReport {
  readonly seed: number;
  readonly trials: number;
  /** Architectures that have trainings of this (dataset, recipe), but none with this seed. */
  readonly architecturesWithout: number;
}

/** Losses of one metric that are no finite number: after a training has diverged. */
export interface DivergedReport {
  readonly metric: MetricName;
  readonly values: number;
  /** Trainings with such a value. */
  readonly trials: number;
}

/** What was found of one (dataset, recipe). */
export interface RecipeReport {
  readonly dataset: string;
  readonly recipe: string;
  readonly trials: number;
  readonly architectures: number;
  readonly seeds: readonly SeedReport[];
  readonly diverged: readonly DivergedReport[];
  /** Times that are the same at every epoch, in each training. */
  readonly constantTimes: readonly MetricName[];
}

/** Trainings of different architectures whose accuracies and losses are all equal. */
export interface SharedReport {
  /** Trainings whose results another architecture has too. */
  readonly trials: number;
  /** Architectures with such a training. */
  readonly architectures: number;
  /** Those of them whose output gets an input; of the others all trainings may end alike. */
  readonly connectedArchitectures: number;
}

/** Trainings of one architecture with different seeds whose accuracies and losses are all equal. */
export interface RepeatedReport {
  readonly trials: number;
  readonly architectures: number;
}

/** A published best value and what the table has. */
export interface OptimumReport extends ExpectedOptimum {
  /** The table's best mean in percent, and the first architecture that reaches it; null: nothing is recorded. */
  readonly found: { readonly accuracy: number; readonly architecture: number } | null;
  /** Empty if they agree. */
  readonly problems: readonly string[];
}

/** What an import found: kept as it was, and told. Written beside the table's card as `import-report.json`. */
export interface ImportReport {
  readonly format: 1;
  readonly table: { readonly id: string; readonly version: string };
  /** Architectures with at least one training, and those of the 15,625 without any. */
  readonly architectures: { readonly present: number; readonly missing: number };
  readonly recipes: readonly RecipeReport[];
  readonly sharedResults: SharedReport;
  readonly repeatedResults: RepeatedReport;
  /** Recorded sizes that are not those of the network: how many architectures, and each one. */
  readonly sizes: { readonly architectures: number; readonly differences: readonly SizeDifference[] };
  /** Groups of times (`dataset/recipe metric`) that are equal in every architecture. */
  readonly equalTimes: readonly (readonly string[])[];
  /** The checksum in the file's name and that of the file; null: the name has none, or it is not of one file. */
  readonly checksum: NameChecksum | null;
  /** What the reader of the format found odd, and what it did: empty for the official files. */
  readonly findings: readonly Finding[];
  /** Compared only where no architecture is missing. */
  readonly optima: readonly OptimumReport[];
}
