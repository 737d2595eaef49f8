import type { MetricName } from "../../core/tables/column.ts";
import { type CardIdentity, writeTable } from "../../core/tables/table-writer.ts";
import type { TableCard } from "../../schemas/generated/table-card.ts";
import { generatedDatasets } from "./generated-values.ts";

/** How a generated table differs from the complete one. */
export interface GeneratedTableOptions {
  /** Overrides of the card, e.g. `{ version: "1.0.1" }` or `{ expectedOptima: […] }`. */
  readonly identity?: Partial<CardIdentity>;
  /** Trial seeds by `dataset/recipe`, e.g. `{ "cifar10-valid/12-epochs": [111] }`; the others keep theirs. */
  readonly seeds?: Readonly<Record<string, readonly number[]>>;
  /** Recorded epochs of the 12-epochs recipe; 1 to 12 unless given, e.g. `[1, 12]` for a table without epoch 4. */
  readonly epochs?: readonly number[];
  /** True: one row a cell that holds the mean of its trials, and no single trials. */
  readonly aggregated?: boolean;
  /** What the table lacks. */
  readonly omit?: {
    /** Datasets by id. */
    readonly datasets?: readonly string[];
    /** Recipes by id, of every dataset. */
    readonly recipes?: readonly string[];
    /** Metric columns of every dataset and recipe. */
    readonly metrics?: readonly MetricName[];
    /** Architectures of every dataset and recipe. */
    readonly architectures?: readonly number[];
  };
  /** Replaces a table that is there. */
  readonly overwrite?: boolean;
}

/**
 * Writes a complete benchmark table of made-up values for all 15,625 architectures: benchmark "nas-bench-201", id
 * "generated", version "1.0.0". The same options give the same bytes, and what an option leaves alone keeps its values.
 *
 * - Datasets cifar10-valid, cifar10 (test only), cifar100, imagenet16-120.
 * - Recipe 12-epochs: every epoch; seeds 111 and 777 on cifar10-valid, 111 elsewhere; training and validation ms an epoch
 *   (a list on cifar10-valid, constant elsewhere).
 * - Recipe 200-epochs: epoch 200 only; seeds 777, 888 and, for about half of the architectures, 999.
 *
 * Accuracy rises with epochs and with the number of convolutions; the 341 unreachable cells stay at chance. Twelve epochs
 * and a validation pass take about 130 s on cifar10-valid, twice that on cifar100, six times on imagenet16-120.
 */
export function writeGeneratedTable(folder: string, options: GeneratedTableOptions = {}): TableCard {
  const identity: CardIdentity = {
    id: "generated",
    version: "1.0.0",
    title: "Generated table",
    benchmark: "nas-bench-201",
    space: "nas-bench-201",
    keyedBy: "architecture",
    licence: "MIT",
    provenance: { description: "Made-up values for tests.", sources: [] },
    expectedOptima: [],
    ...options.identity,
  };
  return writeTable(folder, identity, generatedDatasets(options), options.overwrite);
}
