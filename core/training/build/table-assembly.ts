import path from "node:path";
import type { Recipe } from "../../../schemas/generated/recipe.ts";
import type { TableCard } from "../../../schemas/generated/table-card.ts";
import type { TablePlan } from "../../../schemas/generated/table-plan.ts";
import { HarnessError } from "../../errors/harness-error.ts";
import { lockFolder } from "../../files/folder-lock.ts";
import { classRepresentatives } from "../../space/classes.ts";
import { recoverTable, requireTableOutput } from "../../tables/table-output.ts";
import { writeTable } from "../../tables/table-writer.ts";
import { networkShape, type SplitImages } from "../trial.ts";
import { fingerprintParts } from "./part-inputs.ts";
import { type TrainedRecipe, trainedRecipeContent } from "./trained-table.ts";
import { readPart } from "./trial-store.ts";

/** The dataset that a table is trained on. */
export interface TrainedDataset {
  /** Name and version of the plugin. */
  readonly name: string;
  readonly version: string;
  /** One line for people. */
  readonly title: string;
}

/** What a table is assembled from. */
export interface AssemblyOptions {
  /** Work folder of the build. */
  readonly work: string;
  readonly plan: TablePlan;
  /** The plan's recipes, read, in its order. */
  readonly recipes: readonly Recipe[];
  readonly dataset: TrainedDataset;
  readonly images: SplitImages;
  /** Representatives that a seed must have to be complete; all 6,466 classes unless given. */
  readonly architectures?: readonly number[];
  /** Where the table goes. */
  readonly output: string;
  /** True: a table that is there is replaced. */
  readonly overwrite: boolean;
}

/** Per recipe of the plan, its seeds of which every training is there; recipes without one are left out. */
function completeSeeds(options: AssemblyOptions): TrainedRecipe[] {
  const { work, plan, recipes, images, architectures = classRepresentatives() } = options;
  return plan.parts.flatMap(({ seeds }, at) => {
    const recipe = recipes[at] as Recipe;
    const parts = fingerprintParts(
      [...seeds].sort((a, b) => a - b).map((seed) => ({ recipe, seed })),
      images,
    );
    const complete = parts.flatMap((part) => {
      const byArchitecture = new Map(
        readPart(work, part, () => {}).map((trial) => [trial.architecture, trial] as const),
      );
      const trials = architectures.flatMap((architecture) => byArchitecture.get(architecture) ?? []);
      return trials.length === architectures.length ? [{ seed: part.seed, trials }] : [];
    });
    return complete.length === 0 ? [] : [{ recipe, seeds: complete }];
  });
}

/**
 * Makes the table of a build: every seed of which all trainings are there. It is the same to the last byte however the
 * trainings were made: at once, in shards, in any number of processes, with or without interruptions.
 * @throws NAS_SHARDS_INCOMPLETE if no seed is complete; NAS_OUTPUT_EXISTS, NAS_OUTPUT_LOCKED, NAS_RESUME_MISMATCH,
 * NAS_TRAINING_SHAPE, NAS_WRITE_FAILED
 */
export function assembleTable(options: AssemblyOptions): TableCard {
  const { plan, dataset, images, overwrite } = options;
  requireTableOutput(options.output, overwrite);
  const trained = completeSeeds(options);
  if (trained.length === 0) {
    throw new HarnessError("NAS_SHARDS_INCOMPLETE", {
      what: "no seed of any recipe is complete: there is no table to make yet",
      where: options.work,
      next: "run table build until all trainings are there, with --with for those of other shards",
    });
  }
  const counts = { train: images.train.count, valid: images.valid.count, test: images.test.count };
  const contents = trained.map((recipe) =>
    trainedRecipeContent(recipe, networkShape(recipe.recipe, images.train), counts, plan.cost),
  );
  const { id, version, title, benchmark, licence, description } = plan.table;
  // A trailing slash would put the writer's temporary folder inside the table's own.
  const place = path.resolve(options.output);
  const lock = lockFolder(path.dirname(place));
  try {
    recoverTable(place);
    // Again: another build may have finished meanwhile.
    requireTableOutput(options.output, overwrite);
    return writeTable(
      place,
      {
        id,
        version,
        title,
        benchmark,
        licence,
        space: "nas-bench-201",
        keyedBy: "class",
        provenance: { description, sources: [] },
        expectedOptima: [],
        training: {
          dataset: { name: dataset.name, version: dataset.version },
          recipes: trained.map(({ recipe }) => recipe),
          cost: plan.cost,
        },
      },
      [
        {
          id: dataset.name,
          title: dataset.title,
          classes: images.train.classes,
          imageSize: images.train.size,
          recipes: contents,
        },
      ],
      true,
    );
  } finally {
    lock.release();
  }
}
