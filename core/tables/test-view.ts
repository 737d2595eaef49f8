import type { TableCard } from "../../schemas/generated/table-card.ts";
import { readTrials } from "./trial-file.ts";
import { TrialLookup } from "./trial-lookup.ts";
import { TrialParts } from "./trial-parts.ts";

/**
 * Test metrics of one (dataset, recipe). Only `reveal`, the table commands and the leaderboard may import this module
 * (a lint rule): no process that answers a method's queries ever holds a test value.
 * @throws NAS_NOT_RECORDED, NAS_TABLE_CORRUPT
 */
export function openTestView(folder: string, card: TableCard, dataset: string, recipe: string): TrialLookup {
  return new TrialLookup(readTrials(folder, card, dataset, recipe, "test"), card.keyedBy);
}

/**
 * Test metrics of one (dataset, recipe), architecture by architecture: of a table in parts only those that are needed are
 * read. For the same modules as {@link openTestView}.
 * @throws NAS_NOT_RECORDED
 */
export function openTestParts(folder: string, card: TableCard, dataset: string, recipe: string): TrialParts {
  return new TrialParts(folder, card, dataset, recipe, "test");
}
