import type { DatasetManifest } from "../../../schemas/generated/plugin-manifest.ts";
import type { TableCard, TableTraining } from "../../../schemas/generated/table-card.ts";
import type { LoadedTablePlan } from "../../plugins/table-plan-file.ts";
import { type CorrelationFigures, correlationFigures } from "./correlation-figures.ts";
import { type GainFigures, gainFigures } from "./gain-figures.ts";
import { type MethodFigures, methodFigures } from "./method-figures.ts";
import { readMethodResults } from "./method-results.ts";
import { type NoiseFigures, noiseFigures } from "./noise-figures.ts";
import { type OriginFigures, originFigures } from "./origin-figures.ts";
import { type RecipeFigures, recipeFigures } from "./recipe-section.ts";
import { type Reference, readReference } from "./reference-values.ts";
import { type RecipeSpread, spreadFigures } from "./spread-figures.ts";
import { readTrainedValues, type TrainedValues } from "./trained-values.ts";

/** What a datasheet is made from. */
export interface DatasheetInputs {
  /** The table's folder. */
  readonly folder: string;
  readonly card: TableCard;
  readonly training: TableTraining;
  /** The dataset that the table was trained on. */
  readonly manifest: DatasetManifest;
  /** That dataset's plan of its table, or null if it has none. */
  readonly plan: LoadedTablePlan | null;
  /** Folder of a NAS-Bench-201 table. */
  readonly reference: string | null;
  /** Output folder of `run`. */
  readonly results: string | null;
}

/** Everything that a datasheet says. */
export interface Datasheet {
  readonly values: TrainedValues;
  readonly reference: Reference | null;
  readonly origin: OriginFigures;
  readonly recipes: readonly RecipeFigures[];
  readonly spread: readonly RecipeSpread[];
  readonly noise: NoiseFigures;
  readonly correlations: CorrelationFigures;
  readonly gain: GainFigures;
  readonly methods: MethodFigures | null;
}

/**
 * Computes a datasheet. Reads test values.
 * @throws NAS_TABLE_REFUSED, NAS_TABLE_NOT_FOUND, NAS_TABLE_CORRUPT, NAS_NOT_RECORDED, and what `readMethodResults` throws
 */
export function makeDatasheet(inputs: DatasheetInputs): Datasheet {
  const { folder, card, training, manifest, plan, results } = inputs;
  const methods = results === null ? null : methodFigures(readMethodResults(results, card));
  const values = readTrainedValues(folder, card, training, manifest.images);
  const reference = inputs.reference === null ? null : readReference(inputs.reference, values.classes);
  return {
    values,
    reference,
    origin: originFigures(values, plan),
    recipes: recipeFigures(values),
    spread: spreadFigures(values),
    noise: noiseFigures(values),
    correlations: correlationFigures(values, reference?.columns ?? []),
    gain: gainFigures(values),
    methods,
  };
}

/** The figures as one JSON document. */
export function datasheetDocument(datasheet: Datasheet): object {
  const { values, reference, origin, ...figures } = datasheet;
  const { id, version, searchContentHash } = reference ?? {};
  return {
    table: origin,
    training: values.training,
    mainRecipe: values.main.recipe.id,
    reference: reference === null ? null : { id, version, searchContentHash },
    ...figures,
  };
}
