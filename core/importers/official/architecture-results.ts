import { type PickleDict, PickleList, PickleTuple, type PickleValue } from "../../files/pickle/pickle-values.ts";
import { formatArchitecture, isArchitecture } from "../../space/codec.ts";
import { ARCHITECTURE_COUNT } from "../../space/operations.ts";
import { OFFICIAL_DATASETS, type OfficialTrial } from "../official-trial.ts";
import { OfficialFields, requireSeed } from "./official-fields.ts";
import { type OfficialPlace, shown } from "./official-place.ts";
import { officialDataset } from "./official-splits.ts";
import { readResultsCount } from "./results-count.ts";

/** A recipe as the official files name it; NAS-Bench-201's loader renames 'less' to '12' and 'full' to '200'. */
const RECIPES: Readonly<Record<string, { recipe: string; epochs: number }>> = {
  "12": { recipe: "12-epochs", epochs: 12 },
  less: { recipe: "12-epochs", epochs: 12 },
  "200": { recipe: "200-epochs", epochs: 200 },
  full: { recipe: "200-epochs", epochs: 200 },
};

/** Recipes of the size space of NATS-Bench, whose architectures are widths. */
const SIZE_SPACE_RECIPES: readonly unknown[] = ["01", "90"];

/** Says that a file is of NATS-Bench's size space. */
export const SIZE_SPACE = "this is a file of the size space (sss) of NATS-Bench, whose architectures are no cells";
/** Says which files are read. */
export const TOPOLOGY_FILES = "files of NAS-Bench-201 or of the topology space of NATS-Bench (NATS-tss-…)";

/** One ResultsCount dict with the key that it has. */
export interface RawTrial {
  readonly dataset: string;
  readonly seed: number;
  readonly result: PickleValue;
  readonly place: OfficialPlace;
}

/** One ArchResults dict: all trials of an architecture by one recipe. */
export interface RawRecipe {
  readonly recipe: string;
  readonly epochs: number;
  readonly trials: readonly RawTrial[];
}

function keyOfTrial(key: PickleValue | undefined, place: OfficialPlace): { dataset: string; seed: number } {
  const [dataset, seed] = key instanceof PickleTuple ? key.items : [];
  if (typeof dataset !== "string" || officialDataset(dataset) === undefined) {
    const allowed = `a tuple of a dataset (${Object.keys(OFFICIAL_DATASETS).join(", ")}) and a seed`;
    throw place.fault(`a trial has the key ${shown(dataset ?? key)}`, allowed);
  }
  return { dataset, seed: requireSeed(seed, place.in(`dataset ${dataset}`)) };
}

/** Every trial is listed by its seed, and every listed one is there. */
function requireListed(listed: PickleDict, trials: readonly RawTrial[], place: OfficialPlace): void {
  const open = new Set(trials.map(({ dataset, seed }) => `${dataset}, seed ${seed}`));
  if (open.size !== trials.length) throw place.in("field all_results").fault("a dataset and seed is there twice");
  const field = place.in("field dataset_seed");
  for (const [at, dataset] of listed.keys.entries()) {
    const seeds = listed.values[at];
    if (!(seeds instanceof PickleList))
      throw field.fault(`the seeds of ${shown(dataset)} are ${shown(seeds)}`, "a list");
    for (const seed of seeds.items) {
      const key = `${String(dataset)}, seed ${requireSeed(seed, field)}`;
      if (!open.delete(key)) throw field.fault(`${key} is listed but not among the trials of all_results, or twice`);
    }
  }
  const [unlisted] = open;
  if (unlisted !== undefined) throw field.fault(`${unlisted} is among the trials of all_results but not listed`);
}

function readArchResults(value: PickleValue, architecture: number, place: OfficialPlace): readonly RawTrial[] {
  const fields = new OfficialFields(value, place);
  const index = fields.integer("arch_index");
  if (index !== architecture) throw fields.at("arch_index").fault(`the field is ${index}`, `${architecture}`);
  const text = fields.text("arch_str");
  if (text !== formatArchitecture(architecture))
    throw fields.at("arch_str").fault(`the field is ${shown(text)}`, formatArchitecture(architecture));
  const results = fields.dict("all_results");
  const trials = results.keys.map((key, at) => {
    const { dataset, seed } = keyOfTrial(key, fields.at("all_results"));
    const result = results.values[at] as PickleValue;
    return { dataset, seed, result, place: place.in(`dataset ${dataset}`).in(`seed ${seed}`) };
  });
  requireListed(fields.dict("dataset_seed"), trials, place);
  return trials;
}

/**
 * The parts of an architecture's dict {recipe: ArchResults}, which is the content of a file of the folder form and a value of
 * `arch2infos`, each checked for being of this architecture. The ResultsCount dicts are as the file has them.
 * @throws NAS_OFFICIAL_FILE
 */
export function rawRecipes(value: PickleValue, architecture: PickleValue, file: OfficialPlace): readonly RawRecipe[] {
  if (!isArchitecture(architecture))
    throw file.fault(`there is the architecture ${shown(architecture)}`, `0 to ${ARCHITECTURE_COUNT - 1}`);
  const place = file.in(`architecture ${architecture}`);
  const dict = new OfficialFields(value, place).whole;
  if (dict.keys.length === 0) throw place.fault("no recipe is there", Object.keys(RECIPES).join(", "));
  const seen = new Set<string>();
  return dict.keys.map((key, at) => {
    const known = typeof key === "string" && Object.hasOwn(RECIPES, key) ? RECIPES[key] : undefined;
    if (known === undefined) {
      if (SIZE_SPACE_RECIPES.includes(key)) throw place.fault(SIZE_SPACE, TOPOLOGY_FILES);
      throw place.fault(`there is the recipe ${shown(key)}`, Object.keys(RECIPES).join(", "));
    }
    if (seen.has(known.recipe)) throw place.fault(`the recipe of ${known.epochs} epochs is there twice`);
    seen.add(known.recipe);
    const trials = readArchResults(dict.values[at] as PickleValue, architecture, place.in(`recipe ${String(key)}`));
    return { ...known, trials };
  });
}

/**
 * All trials of an architecture, from the same as {@link rawRecipes}; weights are passed over.
 * @throws NAS_OFFICIAL_FILE naming file, architecture, dataset, seed and field
 */
export function architectureTrials(
  value: PickleValue,
  architecture: PickleValue,
  file: OfficialPlace,
): readonly OfficialTrial[] {
  return rawRecipes(value, architecture, file).flatMap(({ recipe, epochs, trials }) =>
    trials.map(({ dataset: name, seed, result, place }) => {
      const dataset = officialDataset(name) as OfficialTrial["dataset"];
      const expected = { name, architecture: architecture as number, dataset, recipe, epochs, seed };
      return readResultsCount(result, expected, place);
    }),
  );
}
