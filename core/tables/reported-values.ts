import type { TableCard } from "../../schemas/generated/table-card.ts";
import { HarnessError } from "../errors/harness-error.ts";
import { requireRecorded } from "./availability.ts";
import type { MetricName } from "./column.ts";
import { SearchView } from "./search-view.ts";
import { openTestParts } from "./test-view.ts";
import type { TrialParts } from "./trial-parts.ts";

/** What a reported value is asked by; a protocol's report column has these fields. */
export interface ReportedValue {
  readonly dataset: string;
  readonly recipe: string;
  readonly split: "valid" | "test";
  /** From 1. */
  readonly epoch: number;
}

/** The mean over all trials of an architecture's accuracy, in percent. @throws NAS_NOT_RECORDED, NAS_TABLE_CORRUPT */
export type ReportedValueOf = (architecture: number, value: ReportedValue) => number;

/**
 * Opens a table for reporting: validation values from the search view, test values from the test view, each file at its
 * first use. Of a table in parts the last few are held, so ask for ascending architectures where there are many. As
 * {@link openTestParts}, not for processes that answer queries.
 * @param search the table's search view, if it is open already
 */
export function openReportedValues(
  folder: string,
  card: TableCard,
  search = new SearchView(folder, card),
): ReportedValueOf {
  const tests = new Map<string, TrialParts>();
  const lookupOf = (architecture: number, { dataset, recipe, split }: ReportedValue) => {
    if (split === "valid") return search.trialsOf(dataset, recipe, architecture);
    const key = `${dataset}/${recipe}`;
    const parts = tests.get(key) ?? openTestParts(folder, card, dataset, recipe);
    tests.set(key, parts);
    return parts.of(architecture);
  };
  return (architecture, value) => {
    const { dataset, recipe, split, epoch } = value;
    const metric: MetricName = split === "valid" ? "validAccuracy" : "testAccuracy";
    requireRecorded(card, dataset, recipe, metric, epoch);
    const mean = lookupOf(architecture, value).mean(architecture, metric, epoch);
    if (mean !== null) return mean.value;
    throw new HarnessError("NAS_NOT_RECORDED", {
      what: `${metric} of architecture ${architecture} on ${dataset}/${recipe} at epoch ${epoch} was not recorded`,
      where: `table ${card.id} ${card.version}`,
      next: "use a table that holds it; nothing is imputed",
    });
  };
}
