import path from "node:path";
import { HarnessError } from "../errors/harness-error.ts";
import { writeFileAtomic } from "../files/atomic-file.ts";
import { locateDataset } from "../plugins/dataset-splits.ts";
import { readRecipes } from "../plugins/table-plan-file.ts";
import { classOf } from "../space/classes.ts";
import { formatArchitecture, parseArchitectureOrIndex } from "../space/codec.ts";
import { readCard } from "../tables/search-view.ts";
import { openOperations } from "../training/backend-operations.ts";
import type { BuildTask } from "../training/build/build-plan.ts";
import { isSameRecipe, requireTrained, StoredTrials } from "../training/build/stored-trials.ts";
import { trialDifferences } from "../training/build/trial-comparison.ts";
import { type EpochReport, SPLITS, type TrialResult, trainTrial } from "../training/trial.ts";
import { encodeWeights } from "../training/weights-file.ts";
import type { TrainFlags } from "./commands/training.ts";
import { requireNewFile } from "./output-file.ts";
import { columns, print, printJson, remark } from "./terminal.ts";
import { findRecipe, parseBackend, parseSeed } from "./train-flags.ts";
import { readSplits } from "./training-images.ts";

/**
 * The table's trial that a training is to be compared with. Read before anything is trained.
 * @throws NAS_TABLE_REFUSED if the table was trained on another dataset or by another recipe, NAS_NOT_RECORDED
 */
function readStored(folder: string, dataset: string, task: BuildTask): TrialResult {
  const card = readCard(folder);
  const trainedOn = requireTrained(folder, card).dataset.name;
  const refuse = (what: string) =>
    new HarnessError("NAS_TABLE_REFUSED", { what, where: folder, next: "name a table that was made by these" });
  if (trainedOn !== dataset) throw refuse(`the table was trained on the dataset ${trainedOn}, not on ${dataset}`);
  const stored = new StoredTrials(path.resolve(folder), card);
  const { recipe } = task.part;
  if (!isSameRecipe(stored.recipe(recipe.id), recipe)) {
    throw refuse(`the table's recipe ${recipe.id} is not the one that the dataset ${dataset} has now`);
  }
  return stored.result(task);
}

function formatCurve(reports: readonly EpochReport[]): string {
  const header = ["epoch", "rate", ...SPLITS.flatMap((split) => [`${split} loss`, `${split} %`])];
  const rows = reports.map(({ epoch, learningRate, splits }) => [
    String(epoch),
    learningRate.toFixed(4),
    ...SPLITS.flatMap((split) => [splits[split].loss.toFixed(4), splits[split].accuracy.toFixed(2)]),
  ]);
  return columns([header, ...rows]);
}

/**
 * The action of `train`; returns the exit code.
 * @throws NAS_AUDIT_FAILED if the training differs from that of --check, and what training throws
 */
export async function trainCommand(text: string, flags: TrainFlags): Promise<number> {
  const asked = parseArchitectureOrIndex(text);
  const architecture = classOf(asked);
  const plugin = locateDataset(flags.dataset);
  const recipe = findRecipe(readRecipes(plugin.folder), flags.recipe);
  const seed = parseSeed(flags.seed);
  const backend = parseBackend(flags);
  if (flags.save !== undefined) requireNewFile(flags.save, ".npz", "--save");
  const stored =
    flags.check === undefined
      ? null
      : readStored(flags.check, plugin.manifest.name, { part: { recipe, seed }, architecture });
  const images = await readSplits(plugin, flags.from);
  const operations = await openOperations(backend);
  if (architecture !== asked)
    remark(`architecture ${asked} shares the training of its class's representative, ${architecture}`);
  remark(`${architecture} ${formatArchitecture(architecture)}, recipe ${recipe.id}, seed ${seed}`);
  if (backend !== "wasm") remark(`on the backend ${backend}: close to what tables hold, not equal to the last bit`);
  const reports: EpochReport[] = [];
  const result = trainTrial(
    ...([operations, images, recipe, architecture, seed] as const),
    (report) => reports.push(report),
    (network) => {
      if (flags.save !== undefined) writeFileAtomic(flags.save, encodeWeights(network));
    },
  );
  if (flags.json !== true) print(`${formatCurve(reports)}\nSHA-256 of the weights: ${result.weightsSha256}`);
  const differences = stored === null ? [] : trialDifferences(stored, result);
  if (differences.length > 0) {
    throw new HarnessError("NAS_AUDIT_FAILED", {
      what: "the training differs from the table's trial",
      where: [flags.check, ...differences.map((difference) => `- ${difference}`)].join("\n"),
      next: "check the table against its source; if its files are right, report the machine that you ran this on",
    });
  }
  if (flags.json === true) {
    const curve = (split: (typeof SPLITS)[number]) => ({
      loss: Array.from(result.curves[split].loss),
      accuracy: Array.from(result.curves[split].accuracy),
    });
    const curves = Object.fromEntries(SPLITS.map((split) => [split, curve(split)]));
    printJson({ architecture, recipe: recipe.id, seed, backend, ...result, curves });
  }
  if (flags.save !== undefined) remark(`saved the weights: ${flags.save}`);
  if (stored !== null) remark(`equal to the trial of ${flags.check}, bit for bit`);
  return 0;
}
