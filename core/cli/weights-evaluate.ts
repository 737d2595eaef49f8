import { HarnessError } from "../errors/harness-error.ts";
import { writeFileAtomic } from "../files/atomic-file.ts";
import { readBytes } from "../files/json-file.ts";
import { decodeNpy, encodeNpy } from "../files/npy-file.ts";
import { decodeNpz } from "../files/npz-file.ts";
import { locateDataset, openDataset, SPLIT_NAMES, type SplitName } from "../plugins/dataset-splits.ts";
import { readRecipes } from "../plugins/table-plan-file.ts";
import { type Architecture, parseArchitectureOrIndex } from "../space/codec.ts";
import type { BackendName } from "../training/backend.ts";
import { openOperations } from "../training/backend-operations.ts";
import { BatchMaker } from "../training/image-stream.ts";
import { logitsOf } from "../training/logits.ts";
import { normalizedImages } from "../training/normalized-images.ts";
import { measure, networkShape } from "../training/trial.ts";
import { loadNetwork } from "../training/weights-loader.ts";
import { requireImages, type WeightsFile } from "../training/weights-naming.ts";
import type { WeightsEvaluateFlags } from "./commands/weights.ts";
import { parsePositive } from "./number-flags.ts";
import { requireNewFile } from "./output-file.ts";
import { columns, print, printJson, remark } from "./terminal.ts";
import { findRecipe, parseBackend } from "./train-flags.ts";

/** More cells in a stage than anybody trains. */
const MOST_CELLS = 100;

/** What is evaluated, and on what. */
interface Evaluation {
  readonly architecture: Architecture;
  readonly weights: WeightsFile;
  readonly backend: BackendName;
  /** Cells in a stage as the user says. */
  readonly cells: number | null;
}

function usage(what: string, where: string, allowed: string): HarnessError {
  return new HarnessError("NAS_USAGE", { what, where, allowed, next: "nas-harness weights evaluate --help" });
}

/** The class with the largest logit, the first of equals. */
function answerOf(logits: Float32Array): number {
  return logits.reduce((best, logit, at) => (logit > (logits[best] as number) ? at : best), 0);
}

/** Logits of the user's images. */
async function evaluateImages(evaluation: Evaluation, file: string, flags: WeightsEvaluateFlags): Promise<void> {
  const { architecture, weights, backend, cells } = evaluation;
  const images = normalizedImages(decodeNpy(readBytes(file), file), file);
  const [count, imageSize, , channels] = images.shape;
  const operations = await openOperations(backend);
  const network = loadNetwork(operations, weights, { architecture, imageSize, cells });
  const { classes } = network.shape;
  requireImages(weights, network, { channels });
  const logits = logitsOf(operations, network, images);
  network.dispose();
  if (flags.output !== undefined) {
    writeFileAtomic(flags.output, encodeNpy({ shape: [count, classes], values: logits }));
    remark(`wrote the logits [${count}, ${classes}]: ${flags.output}`);
  }
  const rows = Array.from({ length: count }, (_, at) => logits.subarray(at * classes, (at + 1) * classes));
  if (flags.json === true) {
    printJson({ architecture, backend, images: count, classes, logits: rows.map((row) => Array.from(row)) });
  } else if (flags.output === undefined) {
    const lines = rows.map((row, at) => [String(at), String(answerOf(row)), (row[answerOf(row)] as number).toFixed(4)]);
    print(columns([["image", "class", "logit"], ...lines]));
  }
}

/** Loss and accuracy on a split, measured as the recipe measures. */
async function evaluateSplit(evaluation: Evaluation, name: string, flags: WeightsEvaluateFlags): Promise<void> {
  const { architecture, weights, backend } = evaluation;
  const split = SPLIT_NAMES.find((known) => known === flags.split);
  if (split === undefined) throw usage(`there is no split "${flags.split}"`, "--split", SPLIT_NAMES.join(", "));
  const plugin = locateDataset(name);
  const recipe = findRecipe(readRecipes(plugin.folder), flags.recipe);
  const images = (await openDataset(plugin, flags.from ?? null))[split as SplitName]();
  const cells = evaluation.cells ?? recipe.network.cellsPerStage;
  const { imageSize } = networkShape(recipe, images);
  const operations = await openOperations(backend);
  const network = loadNetwork(operations, weights, { architecture, imageSize, cells });
  requireImages(weights, network, images);
  const { batchNorm, batchSize } = recipe.evaluation;
  operations.phase = batchNorm;
  const maker = new BatchMaker(images, recipe.normalization);
  const { loss, accuracy } = measure(operations, network, maker, images.count, batchSize);
  network.dispose();
  const dataset = plugin.manifest.name;
  if (flags.json === true) {
    printJson({ architecture, backend, dataset, recipe: recipe.id, split, images: images.count, loss, accuracy });
  } else {
    print(
      `${dataset}, ${split}, images: ${images.count}\nloss      ${loss.toFixed(4)}\naccuracy  ${accuracy.toFixed(2)} %`,
    );
  }
}

/**
 * The action of `weights evaluate`.
 * @throws NAS_USAGE, NAS_ARRAY_FILE, NAS_WEIGHTS, NAS_OUTPUT_EXISTS, NAS_TRAINING_SHAPE, NAS_TRAINING_BACKEND, and what
 * reading a dataset throws
 */
export async function evaluateWeights(file: string, flags: WeightsEvaluateFlags): Promise<void> {
  const { images, dataset, output } = flags;
  const evaluation = {
    architecture: parseArchitectureOrIndex(flags.architecture),
    backend: parseBackend({ backend: flags.backend }),
    cells: flags.cells === undefined ? null : parsePositive(flags.cells, "--cells", MOST_CELLS),
  };
  if ((images === undefined) === (dataset === undefined))
    throw usage("it is not said on what to evaluate", "--images, --dataset", "one of the two");
  if (output !== undefined && images === undefined)
    throw usage("only the logits of --images are written", "--output", "--output together with --images");
  if (output !== undefined) requireNewFile(output, ".npy", "--output");
  const weights = { file, arrays: decodeNpz(readBytes(file), file) };
  if (images !== undefined) await evaluateImages({ ...evaluation, weights }, images, flags);
  if (dataset !== undefined) await evaluateSplit({ ...evaluation, weights }, dataset, flags);
}
