import type { TableCard } from "../../../schemas/generated/table-card.ts";
import { Random } from "../../random/random.ts";
import { hashOf } from "../../random/seed.ts";
import type { SplitImages } from "../trial.ts";
import { trainAll } from "./build-pool.ts";
import { StoredTrials } from "./stored-trials.ts";
import { trialDifferences } from "./trial-comparison.ts";

/** One audited training. */
export interface AuditedTrial {
  readonly recipe: string;
  readonly seed: number;
  readonly architecture: number;
  /** What differs; empty if every number and the weights are equal. */
  readonly differences: readonly string[];
}

/** What an audit is told. */
export interface AuditOptions {
  readonly folder: string;
  readonly card: TableCard;
  readonly images: SplitImages;
  /** Number of trials to train again. */
  readonly sample: number;
  /** Any text: which trials are drawn. */
  readonly seed: string;
  readonly jobs: number;
  /** Called for each trial as it is finished, in any order. */
  readonly onAudited?: (trial: AuditedTrial) => void;
}

/**
 * Trains randomly drawn trials of a table again and compares every number and the hash of the weights, bit for bit.
 * @returns one entry a trial, in the order in which they were drawn
 * @throws NAS_TABLE_REFUSED if the table was not trained by this project, NAS_TABLE_CORRUPT, and what training throws
 */
export async function auditTable(options: AuditOptions): Promise<AuditedTrial[]> {
  const { folder, card, sample, seed } = options;
  const stored = new StoredTrials(folder, card);
  const random = new Random(hashOf(["nas-harness/audit", card.searchContentHash, seed]));
  const tasks = random.shuffle(stored.tasks()).slice(0, sample);
  const audited = new Map<(typeof tasks)[number], AuditedTrial>();
  await trainAll(tasks, {
    jobs: options.jobs,
    images: options.images,
    onTrained: (task, { result }) => {
      const differences = trialDifferences(stored.result(task), result);
      const trial = { recipe: task.part.recipe.id, seed: task.part.seed, architecture: task.architecture, differences };
      audited.set(task, trial);
      options.onAudited?.(trial);
    },
  });
  return tasks.map((task) => audited.get(task) as AuditedTrial);
}
