import { readdirSync } from "node:fs";
import path from "node:path";
import type { CsvMapping, CsvRecipe, CsvTrial } from "../../schemas/generated/csv-mapping.ts";
import { csvMapping } from "../../schemas/generated/validators.cjs";
import { HarnessError } from "../errors/harness-error.ts";
import { readDocument } from "../files/json-file.ts";
import { METRIC_VIEWS } from "../tables/column.ts";

const BUILT_IN_FOLDER = path.join(import.meta.dirname, "mappings");

/** Names of the mappings that ship with the harness, in alphabetical order. */
export function builtInMappings(): string[] {
  const files = readdirSync(BUILT_IN_FOLDER).filter((file) => file.endsWith(".json"));
  return files.map((file) => file.slice(0, -".json".length)).sort();
}

/** The file of a mapping that was named by path or, for one that ships with the harness, by name. */
export function locateMapping(nameOrPath: string): string {
  return builtInMappings().includes(nameOrPath) ? path.join(BUILT_IN_FOLDER, `${nameOrPath}.json`) : nameOrPath;
}

/**
 * Reads a mapping file and checks that it makes sense.
 * @throws NAS_FILE_NOT_FOUND, NAS_FILE_UNREADABLE, NAS_JSON, NAS_SCHEMA (also where the mapping contradicts itself)
 */
export function readMapping(file: string): CsvMapping {
  const mapping = readDocument<CsvMapping>(file, csvMapping);
  const faults = contradictions(mapping);
  if (faults.length === 0) return mapping;
  throw new HarnessError("NAS_SCHEMA", {
    what: `the mapping contradicts itself in ${faults.length} ${faults.length === 1 ? "place" : "places"}`,
    where: [file, ...faults.map((fault) => `- ${fault}`)].join("\n"),
    next: "correct all of them; core/importers/mappings/ holds a complete example",
  });
}

/** Names of all CSV columns that a mapping needs, without repeats, in the order of the mapping. */
export function mappedColumns(mapping: CsvMapping): string[] {
  const names = [mapping.architecture.index, mapping.architecture.string];
  for (const { trainSecondsPerEpoch, trials } of mapping.datasets.flatMap((dataset) => dataset.recipes)) {
    names.push(trainSecondsPerEpoch);
    for (const trial of trials) names.push(trial.aggregatedSeedCount, ...trial.metrics.map((metric) => metric.column));
  }
  return [...new Set(names.filter((name) => name !== undefined))];
}

function repeated(names: readonly string[]): string[] {
  return [...new Set(names.filter((name, at) => names.indexOf(name) !== at))];
}

function trialFaults(place: string, recipe: CsvRecipe, trial: CsvTrial): string[] {
  const faults: string[] = [];
  if (trial.seed !== undefined && trial.aggregatedSeeds !== undefined) {
    faults.push(`${place} has both seed and aggregatedSeeds: a trial is a single one or a mean`);
  }
  if (trial.aggregatedSeedCount !== undefined && trial.aggregatedSeeds === undefined) {
    faults.push(`${place} has aggregatedSeedCount without aggregatedSeeds`);
  }
  for (const seed of repeated((trial.aggregatedSeeds ?? []).map(String))) {
    faults.push(`${place} lists seed ${seed} twice`);
  }
  for (const value of repeated(trial.metrics.map(({ metric, epoch }) => `${metric} at epoch ${epoch}`))) {
    faults.push(`${place} gives ${value} twice`);
  }
  for (const { metric, epoch } of trial.metrics.filter((entry) => entry.epoch > recipe.epochs)) {
    faults.push(`${place} gives ${metric} at epoch ${epoch}, the recipe has only ${recipe.epochs}`);
  }
  return faults;
}

function recipeFaults(place: string, recipe: CsvRecipe): string[] {
  const faults = recipe.trials.flatMap((trial, at) => trialFaults(`${place} trials[${at}]`, recipe, trial));
  for (const seed of repeated(recipe.trials.flatMap(({ seed }) => (seed === undefined ? [] : [String(seed)])))) {
    faults.push(`${place} has two trials with seed ${seed}: put their metrics into one`);
  }
  const metrics = recipe.trials.flatMap((trial) => trial.metrics.map(({ metric }) => metric));
  if (recipe.trainSecondsPerEpoch !== undefined && !metrics.some((metric) => METRIC_VIEWS[metric] === "search")) {
    faults.push(
      `${place} has trainSecondsPerEpoch but no train or validation metric: the search view keeps no row of times alone`,
    );
  }
  return faults;
}

function contradictions(mapping: CsvMapping): string[] {
  const faults = repeated(mapping.datasets.map(({ id }) => id)).map((id) => `two datasets are named ${id}`);
  for (const dataset of mapping.datasets) {
    for (const id of repeated(dataset.recipes.map((recipe) => recipe.id))) {
      faults.push(`two recipes of ${dataset.id} are named ${id}`);
    }
    for (const recipe of dataset.recipes) faults.push(...recipeFaults(`${dataset.id}/${recipe.id}`, recipe));
  }
  for (const { dataset, recipe, split, epoch } of mapping.expectedOptima) {
    const metrics = mapping.datasets
      .filter(({ id }) => id === dataset)
      .flatMap(({ recipes }) => recipes.filter(({ id }) => id === recipe))
      .flatMap(({ trials }) => trials.flatMap((trial) => trial.metrics));
    if (metrics.some((entry) => entry.metric === `${split}Accuracy` && entry.epoch === epoch)) continue;
    faults.push(
      `expectedOptima names ${split} accuracy of ${dataset}/${recipe} at epoch ${epoch}, which no trial gives`,
    );
  }
  return faults;
}
