import type { TableCard } from "../../schemas/generated/table-card.ts";
import { HarnessError } from "../errors/harness-error.ts";
import { isResult, type MetricName } from "./column.ts";
import { findRecipe } from "./trial-file.ts";

/** Epochs as people write them: `1-11, 200`. */
export function formatEpochs(epochs: readonly number[] | "constant"): string {
  if (epochs === "constant") return "every epoch";
  const ranges: string[] = [];
  for (let at = 0; at < epochs.length; ) {
    let last = at;
    while (epochs[last + 1] === (epochs[last] as number) + 1) last++;
    ranges.push(last === at ? `${epochs[at]}` : `${epochs[at]}-${epochs[last]}`);
    at = last + 1;
  }
  return ranges.join(", ");
}

/**
 * Demands that a table records a metric at an epoch. Nothing falls back to another split, epoch or seed.
 * @throws NAS_NOT_RECORDED saying what is recorded
 */
export function requireRecorded(
  card: TableCard,
  dataset: string,
  recipe: string,
  metric: MetricName,
  epoch: number,
): void {
  const entry = findRecipe(card, dataset, recipe);
  const column = entry.columns.find(({ name }) => name === metric);
  if (column !== undefined && (column.epochs === "constant" || column.epochs.includes(epoch))) return;
  const recorded = entry.columns
    .filter(({ name }) => isResult(name))
    .map(({ name, epochs }) => `${name} at ${formatEpochs(epochs)}`);
  throw new HarnessError("NAS_NOT_RECORDED", {
    what: `${metric} of ${dataset}/${recipe} at epoch ${epoch} was not recorded`,
    where: `table ${card.id} ${card.version}`,
    allowed: `recorded are: ${recorded.join("; ")}`,
    next: "ask for one of these; the harness never substitutes another split, epoch or seed",
  });
}
