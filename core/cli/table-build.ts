import path from "node:path";
import type { TableCard } from "../../schemas/generated/table-card.ts";
import { HarnessError } from "../errors/harness-error.ts";
import { locateDataset } from "../plugins/dataset-splits.ts";
import { readTablePlan } from "../plugins/table-plan-file.ts";
import { parseShard } from "../runner/plan.ts";
import { requireTableOutput } from "../tables/table-output.ts";
import { assembleTable } from "../training/build/table-assembly.ts";
import { buildTrials } from "../training/build/table-build.ts";
import type { BuildFlags } from "./commands/training.ts";
import { INTERRUPTED } from "./interruption.ts";
import { parsePositive } from "./number-flags.ts";
import { formatBytes, tableBytes } from "./table-info.ts";
import { print, printJson, remark } from "./terminal.ts";
import { readSplits } from "./training-images.ts";
import { trainWithProgress } from "./training-progress.ts";

function checkFlags(flags: BuildFlags): void {
  if (flags.shard === undefined || flags.finished !== true) return;
  throw new HarnessError("NAS_USAGE", {
    what: "a shard makes no table",
    where: "--shard, --finished",
    allowed: "one of the two",
    next: "leave one out",
  });
}

/** @param dataset what an audit of the table is given to find its dataset, null if that is built in */
function report(folder: string, card: TableCard, dataset: string | null, json: boolean): void {
  const recipes = card.datasets.flatMap((dataset) => dataset.recipes);
  if (json) {
    printJson({ folder, card });
    return;
  }
  const seeds = recipes.map(({ id, seeds: own }) => `${id}: seeds ${own.join(", ")}`).join("; ");
  print(`made ${card.id} ${card.version} in ${folder} (${seeds}; ${formatBytes(tableBytes(card))})`);
  const named = dataset === null ? "" : ` --dataset ${dataset}`;
  remark(`check it: nas-harness table check ${folder}, and nas-harness table audit ${folder}${named}`);
}

/** The action of `table build`; returns the exit code. */
export async function buildTable(name: string, flags: BuildFlags): Promise<number> {
  checkFlags(flags);
  const shard = flags.shard === undefined ? null : parseShard(flags.shard);
  const jobs = parsePositive(flags.jobs, "--jobs", 1024);
  const plugin = locateDataset(name);
  const { manifest } = plugin;
  const { plan, recipes, parts } = readTablePlan(plugin.folder);
  const work = flags.work ?? path.join("tables", `build-${manifest.name}`);
  const output = flags.output ?? path.join("tables", plan.table.id);
  const overwrite = flags.overwrite === true;
  // Before hours of training, not after them.
  if (shard === null) requireTableOutput(output, overwrite);
  const images = await readSplits(plugin, flags.from);
  const training = { folder: work, parts, images, jobs, shard, alsoFrom: flags.with ?? [] };
  if (flags.finished === true) {
    if (flags.with !== undefined) await buildTrials({ ...training, trainsNothing: true });
  } else {
    const { done, total } = await trainWithProgress("trainings", training);
    if (done < total) return INTERRUPTED;
  }
  if (shard !== null) {
    remark("when all shards are done: nas-harness table build --with <work folders of the others>");
    return 0;
  }
  const dataset = { name: manifest.name, version: manifest.version, title: manifest.title };
  const card = assembleTable({ work, plan, recipes, dataset, images, output, overwrite });
  report(output, card, plugin.origin === "built-in" ? null : name, flags.json === true);
  return 0;
}
