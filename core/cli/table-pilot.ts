import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import type { Recipe } from "../../schemas/generated/recipe.ts";
import { HarnessError } from "../errors/harness-error.ts";
import { locateDataset } from "../plugins/dataset-splits.ts";
import { readRecipe, requireDistinctRecipes } from "../plugins/table-plan-file.ts";
import { Random } from "../random/random.ts";
import { hashOf } from "../random/seed.ts";
import { classRepresentatives } from "../space/classes.ts";
import { isReachable } from "../space/reachability.ts";
import { MOST_SEEDS } from "../statistics/recipe-reliability.ts";
import { openReportedValues } from "../tables/reported-values.ts";
import { readCard } from "../tables/search-view.ts";
import type { PilotFlags } from "./commands/training.ts";
import { INTERRUPTED } from "./interruption.ts";
import { parsePositive } from "./number-flags.ts";
import { formatPilot, pilotRows } from "./pilot-report.ts";
import { print, printJson } from "./terminal.ts";
import { readSplits } from "./training-images.ts";
import { trainWithProgress } from "./training-progress.ts";

const FIRST_SEED = 1001;

/** Connected classes, drawn at random but always the same ones. @throws NAS_USAGE */
function pilotClasses(text: string): number[] {
  const connected = classRepresentatives().filter(isReachable);
  const count = parsePositive(text, "--classes", connected.length);
  if (count < 2) {
    throw new HarnessError("NAS_USAGE", {
      what: "one class can't be ranked",
      where: "--classes",
      allowed: `an integer from 2 to ${connected.length}`,
      next: "correct the flag",
    });
  }
  return new Random(hashOf(["nas-harness/pilot"]))
    .shuffle(connected)
    .slice(0, count)
    .sort((a, b) => a - b);
}

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

/** The action of `table pilot`; returns the exit code. */
export async function pilotTable(name: string, flags: PilotFlags): Promise<number> {
  const [classes, seeds] = [pilotClasses(flags.classes), pilotSeeds(flags.seeds)];
  const jobs = parsePositive(flags.jobs, "--jobs", 1024);
  const plugin = locateDataset(name);
  const candidates = readCandidates(path.resolve(flags.candidates ?? path.join(plugin.folder, "pilot")));
  const real = reference(flags.reference, classes);
  const images = await readSplits(plugin);
  const work = flags.work ?? path.join("tables", `pilot-${plugin.manifest.name}`);
  const { done, total } = await trainWithProgress("pilot", {
    folder: work,
    parts: candidates.flatMap((recipe) => seeds.map((seed) => ({ recipe, seed }))),
    images,
    jobs,
    shard: null,
    architectures: classes,
  });
  if (done < total && flags.report !== true) return INTERRUPTED;
  const rows = pilotRows({ candidates, classes, seeds, work, images }, real);
  if (flags.json === true) {
    printJson({ dataset: plugin.manifest.name, classes: classes.length, seeds: seeds.length, recipes: rows });
  } else {
    print(formatPilot(rows));
  }
  return done < total ? INTERRUPTED : 0;
}
