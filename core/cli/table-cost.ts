import os from "node:os";
import { locateDataset } from "../plugins/dataset-splits.ts";
import { readTablePlan } from "../plugins/table-plan-file.ts";
import { openOperations } from "../training/backend-operations.ts";
import { fitCostModel, type TimedTraining } from "../training/cost-model.ts";
import { networkMacs } from "../training/network-macs.ts";
import { trainingPasses } from "../training/training-passes.ts";
import { networkShape, trainedEdges, trainTrial } from "../training/trial.ts";
import type { CostFlags } from "./commands/training.ts";
import { INTERRUPTED, interruptible } from "./interruption.ts";
import { Progress } from "./progress.ts";
import { randomClasses } from "./random-classes.ts";
import { columns, print, printJson } from "./terminal.ts";
import { readSplits } from "./training-images.ts";

const SEED = 1;

/** Seconds of processor time that this process has used. */
function processorSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** The action of `table cost`; returns the exit code. @throws NAS_USAGE and what training throws */
export async function costCommand(name: string, flags: CostFlags): Promise<number> {
  const classes = randomClasses(flags.classes, "cost", 3, "a line can't be fitted to fewer than three trainings");
  const plugin = locateDataset(name);
  const { recipes } = readTablePlan(plugin.folder);
  const images = await readSplits(plugin, flags.from);
  const operations = await openOperations("wasm");
  const progress = new Progress("cost", "trained");
  const { signal, restore } = interruptible();
  const trainings: TimedTraining[] = [];
  const total = recipes.length * classes.length;
  try {
    for (const recipe of recipes) {
      const shape = networkShape(recipe, images.train);
      const passes = trainingPasses(recipe, images);
      // The first one compiles and fills caches; it is trained again below.
      trainTrial(operations, images, recipe, classes[0] as number, SEED);
      for (const architecture of classes) {
        // A training holds the thread: signals are delivered between two.
        await new Promise((resolve) => setImmediate(resolve));
        if (signal.aborted) return INTERRUPTED;
        const start = processorSeconds();
        trainTrial(operations, images, recipe, architecture, SEED);
        const seconds = processorSeconds() - start;
        trainings.push({ macs: networkMacs(shape, trainedEdges(architecture)), passes, seconds });
        progress.update(trainings.length, total);
      }
    }
  } finally {
    progress.finish();
    restore();
  }
  const fit = fitCostModel(trainings);
  const processor = os.cpus()[0]?.model.trim() ?? "unknown";
  const environment = { node: process.version, architecture: process.arch, processor };
  if (flags.json === true) {
    printJson({ dataset: plugin.manifest.name, recipes: recipes.map(({ id }) => id), fit, environment, trainings });
    return 0;
  }
  print(
    columns([
      ["dataset", plugin.manifest.name],
      ["recipes", recipes.map(({ id }) => id).join(", ")],
      ["trainings", `${trainings.length}, of ${classes.length} random connected classes`],
      ["fixedUs", fit.fixedUs.toFixed(2)],
      ["usPerMegaMac", fit.usPerMegaMac.toFixed(2)],
      ["R2", fit.r2.toFixed(3)],
      ["measured on", `Node ${process.version}, ${process.arch}, ${processor}`],
    ]),
  );
  return 0;
}
