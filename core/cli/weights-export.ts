import { HarnessError } from "../errors/harness-error.ts";
import { writeFileAtomic } from "../files/atomic-file.ts";
import { encodeNpz } from "../files/npz-file.ts";
import { OFFICIAL_DATASETS, type OfficialDataset } from "../importers/official-trial.ts";
import { findFullFormFile, readFullForm, type StoredTraining } from "../importers/weights/full-form-file.ts";
import { stateDictArrays } from "../importers/weights/state-dict.ts";
import {
  matchingTrainings,
  onlyTraining,
  type TrainingChoice,
  trainingText,
} from "../importers/weights/training-choice.ts";
import { type Architecture, formatArchitecture, parseArchitectureOrIndex } from "../space/codec.ts";
import type { WeightsExportFlags } from "./commands/weights.ts";
import { requireNewFile } from "./output-file.ts";
import { columns, print, printJson, remark } from "./terminal.ts";
import { parseSeed } from "./train-flags.ts";

/** Names of the recipes, also as the official files have them. */
const RECIPES: Readonly<Record<string, string>> = {
  "12-epochs": "12-epochs",
  "12": "12-epochs",
  less: "12-epochs",
  "200-epochs": "200-epochs",
  "200": "200-epochs",
  full: "200-epochs",
};

function usage(what: string, where: string, allowed: string): HarnessError {
  return new HarnessError("NAS_USAGE", { what, where, allowed, next: "name one of these" });
}

/** A dataset by its name here or its official one. */
function parseDataset(text: string): OfficialDataset {
  const names = Object.values(OFFICIAL_DATASETS);
  const found = names.find((name) => name === text.toLowerCase());
  if (found !== undefined) return found;
  throw usage(`there is no dataset "${text}" in the official files`, "--dataset", names.join(", "));
}

function parseRecipe(text: string): string {
  const found = Object.hasOwn(RECIPES, text) ? RECIPES[text] : undefined;
  if (found !== undefined) return found;
  throw usage(`there is no recipe "${text}" in the official files`, "--recipe", "12-epochs, 200-epochs");
}

function parseChoice({ dataset, recipe, seed }: WeightsExportFlags): TrainingChoice {
  return {
    dataset: dataset === undefined ? null : parseDataset(dataset),
    recipe: recipe === undefined ? null : parseRecipe(recipe),
    seed: seed === undefined ? null : parseSeed(seed),
  };
}

function list(architecture: Architecture, file: string, trainings: readonly StoredTraining[], isJson: boolean): void {
  const rows = trainings.map(({ dataset, recipe, seed }) => ({ dataset, recipe, seed }));
  if (isJson) {
    printJson({ architecture, file, trainings: rows });
    return;
  }
  remark(`${architecture} ${formatArchitecture(architecture)}: weights in ${file}`);
  print(columns([["dataset", "recipe", "seed"], ...rows.map((row) => [row.dataset, row.recipe, String(row.seed)])]));
}

/**
 * The action of `weights export`.
 * @throws NAS_USAGE, NAS_OUTPUT_EXISTS, NAS_FILE_NOT_FOUND, NAS_FILE_UNREADABLE, NAS_BZIP2, NAS_PICKLE, NAS_OFFICIAL_FILE,
 * NAS_WEIGHTS, NAS_NOT_RECORDED, NAS_WRITE_FAILED
 */
export async function exportWeights(text: string, flags: WeightsExportFlags): Promise<void> {
  const architecture = parseArchitectureOrIndex(text);
  const choice = parseChoice(flags);
  const { output } = flags;
  if (output !== undefined) requireNewFile(output, ".npz", "--output");
  const file = findFullFormFile(flags.from, architecture);
  const matching = matchingTrainings(await readFullForm(file, architecture), choice, file);
  if (output === undefined) {
    list(architecture, file, matching, flags.json === true);
    return;
  }
  const training = onlyTraining(matching, file);
  const arrays = stateDictArrays(training.state, `${file}, ${trainingText(training)}`);
  writeFileAtomic(output, encodeNpz(arrays));
  const { dataset, recipe, seed } = training;
  if (flags.json === true) printJson({ architecture, file, dataset, recipe, seed, output, arrays: [...arrays.keys()] });
  else remark(`wrote ${arrays.size} arrays of ${trainingText(training)}: ${output}`);
}
