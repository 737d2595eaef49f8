import { existsSync } from "node:fs";
import path from "node:path";
import type { TableCard, TableTraining } from "../../schemas/generated/table-card.ts";
import { HarnessError } from "../errors/harness-error.ts";
import { writeFileAtomic } from "../files/atomic-file.ts";
import { locateDataset } from "../plugins/dataset-splits.ts";
import { readTablePlan, TABLE_PLAN_NAME } from "../plugins/table-plan-file.ts";
import { readCard } from "../tables/search-view.ts";
import type { DatasheetFlags } from "./commands/training.ts";
import { datasheetDocument, makeDatasheet } from "./datasheet/datasheet.ts";
import { renderDatasheet } from "./datasheet/page.ts";
import { shownPath } from "./shown-path.ts";
import { print, printJson, write } from "./terminal.ts";

/** @throws NAS_TABLE_REFUSED unless `table build` made the table */
function trainingOf(folder: string, card: TableCard): TableTraining {
  if (card.training !== undefined) return card.training;
  throw new HarnessError("NAS_TABLE_REFUSED", {
    what: `table ${card.id} was not trained by this project: its card has no recipes, and a datasheet describes them`,
    where: folder,
    next: "name a table that table build made; table info and table correlate describe the others",
  });
}

/** The dataset that a table was trained on. @throws NAS_TABLE_REFUSED if another one is named, NAS_PLUGIN_NOT_FOUND */
function datasetOf(trained: TableTraining["dataset"], named: string | undefined) {
  const plugin = locateDataset(named ?? trained.name);
  const { name, version } = plugin.manifest;
  if (name === trained.name && version === trained.version) return plugin;
  throw new HarnessError("NAS_TABLE_REFUSED", {
    what: `the table was trained on the dataset ${trained.name} ${trained.version}, this is ${name} ${version}`,
    where: plugin.folder,
    next: `name the folder of ${trained.name} ${trained.version} with --dataset: the page states its numbers of images`,
  });
}

/**
 * The action of `table datasheet`.
 * @throws NAS_TABLE_REFUSED for a table that was not trained here; NAS_TABLE_NOT_FOUND, NAS_TABLE_CORRUPT,
 * NAS_PLUGIN_NOT_FOUND, NAS_NOT_RECORDED, NAS_RESULTS_MISSING, NAS_WRITE_FAILED
 */
export function datasheetCommand(folder: string, flags: DatasheetFlags): void {
  const card = readCard(folder);
  const training = trainingOf(folder, card);
  const plugin = datasetOf(training.dataset, flags.dataset);
  const { reference = null, results = null, output } = flags;
  const datasheet = makeDatasheet({
    folder,
    card,
    training,
    manifest: plugin.manifest,
    plan: existsSync(path.join(plugin.folder, TABLE_PLAN_NAME)) ? readTablePlan(plugin.folder) : null,
    reference,
    results,
  });
  const page = renderDatasheet(datasheet, {
    folder: shownPath(folder),
    reference: reference === null ? null : shownPath(reference),
    results: results === null ? null : shownPath(results),
  });
  if (output !== undefined) writeFileAtomic(output, page);
  if (flags.json === true) printJson(datasheetDocument(datasheet));
  else if (output === undefined) write(page);
  else print(output);
}
