import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import type { Recipe } from "../../schemas/generated/recipe.ts";
import { HarnessError } from "../errors/harness-error.ts";
import { writeFileAtomic } from "../files/atomic-file.ts";
import { locateDataset } from "../plugins/dataset-splits.ts";
import { readRecipe, requireDistinctRecipes } from "../plugins/table-plan-file.ts";
import { MOST_SEEDS } from "../statistics/recipe-reliability.ts";
import { openReportedValues } from "../tables/reported-values.ts";
import { readCard } from "../tables/search-view.ts";
import type { PilotFlags } from "./commands/training.ts";
import { INTERRUPTED } from "./interruption.ts";
import { parsePositive } from "./number-flags.ts";
import { formatPilotDocument } from "./pilot-document.ts";
import { formatPilot, pilotRows } from "./pilot-report.ts";
import { longerParts, type PilotTrainings } from "./pilot-trainings.ts";
import { randomClasses } from "./random-classes.ts";
import { print, printJson } from "./terminal.ts";
import { readSplits } from "./training-images.ts";
import { trainWithProgress } from "./training-progress.ts";

const FIRST_SEED = 1001;

/** Trial seeds that no table uses. @throws NAS_USAGE */
function pilotSeeds(text: string): number[] {
  const count = parsePositive(text, "--seeds", MOST_SEEDS);
  if (count % 2 !== 0) {
    throw new HarnessError("NAS_USAGE", {
      what: `${count} seeds can't be split into two halves`,
      where: "--seeds",
      allowed: `an even number from 2 to ${MOST_SEEDS}`,
      next: "correct the flag",
    });
  }
  return Array.from({ length: count }, (_, at) => FIRST_SEED + at);
}

/** @throws NAS_FILE_NOT_FOUND, NAS_JSON, NAS_SCHEMA */
function readCandidates(folder: string): Recipe[] {
  const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".json")) : [];
  if (files.length === 0) {
    throw new HarnessError("NAS_FILE_NOT_FOUND", {
      what: "there are no recipe files to compare",
      where: folder,
      next: "name a folder with recipes (schemas/recipe.schema.json) with --candidates",
    });
  }
  const candidates = files.sort().map((name) => readRecipe(path.join(folder, name)));
  requireDistinctRecipes(candidates, folder);
  return candidates;
}

/** Accuracies of CIFAR-10 from a real table, or null without one. @throws NAS_TABLE_NOT_FOUND, NAS_NOT_RECORDED */
function reference(table: string | undefined, classes: readonly number[]): number[] | null {
  if (table === undefined) return null;
  const reported = openReportedValues(table, readCard(table));
  const column = { dataset: "cifar10", recipe: "200-epochs", split: "test", epoch: 200 } as const;
  return classes.map((architecture) => reported(architecture, column));
}

/** Trains all candidates, then the best class of each for longer; false if it was interrupted. */
async function trainPilot(trainings: PilotTrainings, jobs: number): Promise<boolean> {
  const { candidates, classes, seeds, work, images } = trainings;
  const settings = { folder: work, images, jobs, shard: null, architectures: classes };
  const parts = candidates.flatMap((recipe) => seeds.map((seed) => ({ recipe, seed })));
  for (const [label, next] of [["pilot", () => parts] as const, ["longer", () => longerParts(trainings)] as const]) {
    const { done, total } = await trainWithProgress(label, { ...settings, parts: next() });
    if (done < total) return false;
  }
  return true;
}

/** The command line that repeats a pilot; how many processes and where they keep their work changes nothing. */
function pilotCommand(name: string, { classes, seeds, candidates, from, reference, output }: PilotFlags): string {
  const flags = Object.entries({ classes, seeds, candidates, from, reference, output });
  const given = flags.flatMap(([flag, value]) => (value === undefined ? [] : [`--${flag} ${value}`]));
  return ["nas-harness table pilot", name, ...given].join(" ");
}

/** The action of `table pilot`; returns the exit code. */
export async function pilotTable(name: string, flags: PilotFlags): Promise<number> {
  const [classes, seeds] = [
    randomClasses(flags.classes, "pilot", 2, "one class can't be ranked").sort((a, b) => a - b),
    pilotSeeds(flags.seeds),
  ];
  const jobs = parsePositive(flags.jobs, "--jobs", 1024);
  const plugin = locateDataset(name);
  const candidates = readCandidates(path.resolve(flags.candidates ?? path.join(plugin.folder, "pilot")));
  const real = reference(flags.reference, classes);
  const images = await readSplits(plugin, flags.from);
  const work = flags.work ?? path.join("tables", `pilot-${plugin.manifest.name}`);
  const trainings: PilotTrainings = { candidates, classes, seeds, work, images };
  const isComplete = await trainPilot(trainings, jobs);
  if (!isComplete && flags.report !== true) return INTERRUPTED;
  const rows = pilotRows(trainings, real);
  if (flags.output !== undefined) {
    const { name: id, version, title } = plugin.manifest;
    const command = pilotCommand(name, flags);
    const dataset = { name: id, version, title };
    const document = formatPilotDocument({ command, dataset, trainings, rows, reference: flags.reference ?? null });
    writeFileAtomic(path.resolve(flags.output), document);
  }
  if (flags.json === true) {
    printJson({ dataset: plugin.manifest.name, classes: classes.length, seeds: seeds.length, recipes: rows });
  } else {
    print(formatPilot(rows));
  }
  return isComplete ? 0 : INTERRUPTED;
}
