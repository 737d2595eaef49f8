import type { ProtocolSearch } from "../../schemas/generated/protocol.ts";
import type { TableCard } from "../../schemas/generated/table-card.ts";
import { HarnessError } from "../errors/harness-error.ts";
import { formatArchitecture } from "../space/codec.ts";
import { ARCHITECTURE_COUNT } from "../space/operations.ts";
import { requireRecorded } from "../tables/availability.ts";
import { itemOfEpoch, type MetricColumn, valueAt } from "../tables/column.ts";
import type { SearchView } from "../tables/search-view.ts";
import type { TrialLookup } from "../tables/trial-lookup.ts";

/** One accuracy unit is 1e-4 percent. */
export const ACCURACY_UNITS = 10_000;

/**
 * Everything that a search's evaluations can give, as integers: a slot is a trial (policy random) or the mean over an
 * architecture's trials (policy mean). Built once a process; an evaluation is two reads.
 */
export interface EvaluationTable {
  /** First slot of each architecture, and after the last one the number of slots. Shape [15626]. */
  readonly firstSlot: Uint32Array;
  /** Trial seed of each slot; -1: unknown or a mean. Shape [slots]. */
  readonly trialSeed: Int32Array;
  /** By epochs: validation accuracy in 1e-4 percent, shape [slots]. */
  readonly accuracy: ReadonlyMap<number, Int32Array>;
  /** By epochs: cost in simulated ms, shape [slots]. Float64 holds the integers that exceed 2^31. */
  readonly costMs: ReadonlyMap<number, Float64Array>;
  /** What the means were taken over; null under policy random. */
  readonly meansFrom: "trials" | "aggregate" | null;
}

function refuse(card: TableCard, what: string, next: string): HarnessError {
  return new HarnessError("NAS_TABLE_REFUSED", { what, where: `table ${card.id} ${card.version}`, next });
}

function columnOf(lookup: TrialLookup, name: "validAccuracy" | "trainMs" | "validMs"): MetricColumn | undefined {
  return lookup.column(name);
}

/** Training ms of the first `epochs` epochs of a trial, or null where a part is not recorded. */
function trainingMs(column: MetricColumn, row: number, epochs: number): number | null {
  if (column.epochs === "constant") {
    const perEpoch = valueAt(column, row, 0);
    return perEpoch === null ? null : perEpoch * epochs;
  }
  let total = 0;
  for (let epoch = 1; epoch <= epochs; epoch++) {
    const value = valueAt(column, row, itemOfEpoch(column, epoch));
    if (value === null) return null;
    total += value;
  }
  return total;
}

/** Validation ms of one pass after `epochs` epochs, or null where it is not recorded. */
function validationMs(lookup: TrialLookup, search: ProtocolSearch, row: number, epochs: number, recipeEpochs: number) {
  if (search.cost.validation === "recorded") {
    const column = columnOf(lookup, "validMs");
    return column === undefined ? null : valueAt(column, row, itemOfEpoch(column, epochs));
  }
  const column = columnOf(lookup, "trainMs");
  const whole = column === undefined ? null : trainingMs(column, row, recipeEpochs);
  return whole === null ? null : whole * search.cost.validation.shareOfTraining;
}

/** Rows whose values an architecture's slots come from: one list a slot. */
function slotRows(lookup: TrialLookup, search: ProtocolSearch, architecture: number): number[][] {
  const epochs = search.fidelities;
  const complete = (row: number) => {
    const column = columnOf(lookup, "validAccuracy") as MetricColumn;
    return epochs.every((epoch) => valueAt(column, row, itemOfEpoch(column, epoch)) !== null);
  };
  const singles = lookup.singleTrials(architecture, "validAccuracy", epochs[0] as number).filter(complete);
  if (search.trials === "random") return singles.map((row) => [row]);
  if (singles.length > 0) return [singles];
  const [start, end] = lookup.rowsOf(architecture);
  for (let row = start; row < end; row++) {
    if (lookup.table.rows.aggregatedSeeds[row] !== null && complete(row)) return [[row]];
  }
  return [];
}

/**
 * Checks that a table has everything that a protocol's search names, and gathers it.
 * @throws NAS_TABLE_REFUSED, NAS_NOT_RECORDED, NAS_TABLE_CORRUPT
 */
export function buildEvaluationTable(view: SearchView, search: ProtocolSearch): EvaluationTable {
  const { card } = view;
  for (const epoch of search.fidelities) requireRecorded(card, search.dataset, search.recipe, "validAccuracy", epoch);
  const recipe = card.datasets.find(({ id }) => id === search.dataset)?.recipes.find(({ id }) => id === search.recipe);
  const recipeEpochs = recipe?.epochs ?? 0;
  const lookup = view.trials(search.dataset, search.recipe);
  const trainColumn = columnOf(lookup, "trainMs");
  const place = `${search.dataset}/${search.recipe}`;
  if (trainColumn === undefined) throw refuse(card, `${place} has no training times`, "use a table that has them");
  if (search.cost.validation === "recorded" && columnOf(lookup, "validMs") === undefined) {
    throw refuse(
      card,
      `${place} has no validation times, which this protocol charges as recorded`,
      "use a table that has them, or a protocol that does without (nas-harness list)",
    );
  }

  const firstSlot = new Uint32Array(ARCHITECTURE_COUNT + 1);
  const slots: number[][] = [];
  let aggregates = 0;
  for (let architecture = 0; architecture < ARCHITECTURE_COUNT; architecture++) {
    const rows = slotRows(lookup, search, architecture);
    if (rows.length === 0) {
      const policy = search.trials === "random" ? "no single trial" : "neither a trial nor a mean";
      throw refuse(
        card,
        `${place} has ${policy} of architecture ${architecture} (${formatArchitecture(architecture)}) at epochs ${search.fidelities.join(", ")}`,
        search.trials === "random"
          ? "use a table with single trials, or a protocol with mean rewards (nas-harness list)"
          : "use a table that holds every architecture",
      );
    }
    if (rows.some((group) => group.some((row) => lookup.table.rows.aggregatedSeeds[row] !== null))) aggregates++;
    slots.push(...rows);
    firstSlot[architecture + 1] = slots.length;
  }

  const accuracyColumn = columnOf(lookup, "validAccuracy") as MetricColumn;
  const accuracy = new Map<number, Int32Array>();
  const costMs = new Map<number, Float64Array>();
  const meanOf = (rows: number[], read: (row: number) => number | null, what: string) => {
    let sum = 0;
    for (const row of rows) {
      const value = read(row);
      if (value === null || !Number.isFinite(value)) {
        const architecture = lookup.table.rows.architecture[row];
        throw refuse(card, `${place} has no ${what} of architecture ${architecture}`, "use a table that has it");
      }
      sum += value;
    }
    return sum / rows.length;
  };
  for (const epochs of search.fidelities) {
    const item = itemOfEpoch(accuracyColumn, epochs);
    const price = (row: number) => {
      const training = trainingMs(trainColumn, row, epochs);
      const validation = validationMs(lookup, search, row, epochs, recipeEpochs);
      return training === null || validation === null ? null : training + validation;
    };
    accuracy.set(
      epochs,
      Int32Array.from(slots, (rows) =>
        Math.round(meanOf(rows, (row) => valueAt(accuracyColumn, row, item), "accuracy") * ACCURACY_UNITS),
      ),
    );
    costMs.set(
      epochs,
      Float64Array.from(slots, (rows) => Math.round(meanOf(rows, price, `cost at ${epochs} epochs`))),
    );
  }
  const trialSeed = Int32Array.from(slots, (rows) =>
    rows.length === 1 ? (lookup.table.rows.trialSeed[rows[0] as number] ?? -1) : -1,
  );
  const meansFrom = search.trials === "random" ? null : aggregates > 0 ? "aggregate" : "trials";
  return { firstSlot, trialSeed, accuracy, costMs, meansFrom };
}
