import { existsSync } from "node:fs";
import path from "node:path";
import type { DatasetManifest } from "../../schemas/generated/plugin-manifest.ts";
import type { TableCard } from "../../schemas/generated/table-card.ts";
import { protocolOfDataset } from "../plugins/dataset-protocol.ts";
import type { LoadedTablePlan } from "../plugins/table-plan-file.ts";
import { loadProtocol } from "../protocols/protocol-file.ts";
import { buildEvaluationTable } from "../runner/evaluation-table.ts";
import { requireRecorded } from "../tables/availability.ts";
import { CARD_NAME, readCard } from "../tables/search-view.ts";
import { checkFailure, checkTable } from "../tables/table-check.ts";
import { openTableFor } from "../tables/table-location.ts";
import { isSameRecipe } from "../training/build/stored-trials.ts";
import type { DatasetSubject } from "./dataset-subject.ts";
import type { Check, Finding } from "./finding.ts";
import { faultOf, faultsOf } from "./harness-faults.ts";
import { readPlan } from "./recipe-check.ts";

/** How a table's card differs from the dataset. */
function datasetFaults({ training, datasets }: TableCard, { name, version, images }: DatasetManifest): string[] {
  const own = datasets.find(({ id }) => id === name);
  if (own === undefined) return [`it has no dataset ${name}; it has ${datasets.map(({ id }) => id).join(", ")}`];
  const { name: trainedOn, version: trainedVersion } = training?.dataset ?? { name, version };
  const pairs = [
    ["trained on the dataset", trainedOn, name],
    ["trained on version", trainedVersion, version],
    ["of images of size", own.imageSize, images.size],
    ["of classes, in number", own.classes, images.classes],
  ] as const;
  return pairs.flatMap(([what, found, now]) => (found === now ? [] : [`it is ${what} ${found}; this is ${now}`]));
}

/** How a table's card differs from the plan, and which seeds of the plan it lacks. */
function planFindings(card: TableCard, { plan, recipes }: LoadedTablePlan): { faults: string[]; remarks: string[] } {
  const identity = (["id", "version", "benchmark"] as const).flatMap((field) => {
    const planned = plan.table[field];
    return card[field] === planned ? [] : [`its ${field} is ${card[field]}, the plan says ${planned}`];
  });
  if (card.training === undefined) return { faults: [...identity, "it was not trained by table build"], remarks: [] };
  const trained = card.training.recipes;
  const changed = trained.flatMap((recipe) => {
    const now = recipes.find(({ id }) => id === recipe.id);
    if (now === undefined) return [`its recipe ${recipe.id} is none of the plan's`];
    return isSameRecipe(recipe, now) ? [] : [`its recipe ${recipe.id} is not the one that the plan has now`];
  });
  const { fixedUs, usPerMegaMac } = card.training.cost;
  const isSameCost = fixedUs === plan.cost.fixedUs && usPerMegaMac === plan.cost.usPerMegaMac;
  const cost = isSameCost ? [] : ["its costs are by other constants than the plan has now"];
  const remarks = plan.parts.flatMap(({ seeds }, at) => {
    const id = recipes[at]?.id;
    const built = card.datasets.flatMap((dataset) => dataset.recipes).find((recipe) => recipe.id === id)?.seeds ?? [];
    const missing = seeds.filter((seed) => !built.includes(seed));
    return missing.length === 0 ? [] : [`of recipe ${id} it lacks the seeds ${missing.join(", ")} that the plan has`];
  });
  return { faults: [...identity, ...changed, ...cost], remarks };
}

/** What a protocol asks for that a table lacks. */
function protocolFaults(place: string, folder: string): string[] {
  return faultsOf(() => {
    const protocol = loadProtocol(place);
    openTableFor(protocol.table, folder, (view) => {
      for (const search of protocol.searches) {
        buildEvaluationTable(view, search);
        for (const { dataset, recipe, split, epoch } of search.report)
          requireRecorded(view.card, dataset, recipe, `${split}Accuracy`, epoch);
      }
    });
  });
}

function tableFindings(subject: DatasetSubject, folder: string, card: TableCard): Finding {
  const { manifest } = subject.plugin;
  const read = readPlan(subject.plugin.folder);
  const { faults, remarks } =
    read !== null && "plan" in read ? planFindings(card, read.plan) : { faults: [], remarks: [] };
  const failure = checkFailure(folder, checkTable(folder, card));
  const broken = failure === null ? [] : [`table check fails: ${faultOf(failure)}`];
  const place = protocolOfDataset(subject.plugin);
  // Values that a check of their own finds broken need not be told twice.
  const refused = place === null || broken.length > 0 ? [] : protocolFaults(place, folder);
  return { faults: [...datasetFaults(card, manifest), ...faults, ...broken, ...refused], remarks };
}

/** The check of the table that a dataset's manifest names. It reads test values. */
export const DATASET_TABLE_CHECK: Check<DatasetSubject> = {
  name: "table",
  title:
    "the table is this dataset's, by the plan and the recipes as they are, passes table check and serves the protocol",
  find: (subject) => {
    const { manifest, folder: plugin } = subject.plugin;
    if (manifest.table === undefined) return { skipped: "the manifest names no table" };
    const folder = path.join(plugin, manifest.table);
    if (!existsSync(path.join(folder, CARD_NAME)))
      return { skipped: `it is not there yet: nas-harness table build makes it, with --output ${folder}` };
    try {
      return tableFindings(subject, folder, readCard(folder));
    } catch (error) {
      return { faults: [faultOf(error)] };
    }
  },
};
