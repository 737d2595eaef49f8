import { existsSync } from "node:fs";
import path from "node:path";
import { HarnessError } from "../errors/harness-error.ts";
import { locateDataset, openDataset, SPLIT_NAMES } from "../plugins/dataset-splits.ts";
import { builtInPlugins } from "../plugins/plugin-location.ts";
import { TABLE_PLAN_NAME } from "../plugins/table-plan-file.ts";
import { readCard } from "../tables/search-view.ts";
import { findTables, TABLES_VARIABLE } from "../tables/table-location.ts";
import { readVerifiedFile } from "../tables/trial-file.ts";
import { type Check, failedCheck } from "../training/self-check/check.ts";

/** True if a dataset's files are not there at all, as opposed to damaged ones. */
function isMissing(thrown: unknown): thrown is HarnessError {
  return thrown instanceof HarnessError && thrown.code === "NAS_IMAGES" && thrown.details.what.startsWith("there is");
}

async function checkDataset(name: string): Promise<Check> {
  const check = `dataset ${name}`;
  let needed = true;
  try {
    const plugin = locateDataset(name);
    // One with a table plan is what the training commands need; another one may read files that a user has or has not.
    needed = existsSync(path.join(plugin.folder, TABLE_PLAN_NAME));
    const splits = await openDataset(plugin);
    const counts = Object.fromEntries(SPLIT_NAMES.map((split) => [split, splits[split]().count]));
    const says = `intact: ${SPLIT_NAMES.map((split) => `${counts[split]} ${split}`).join(", ")} images`;
    return { name: check, status: "ok", needed, says, facts: { images: counts } };
  } catch (thrown) {
    const failed = failedCheck(check, needed, thrown);
    if (needed || !isMissing(thrown)) return failed;
    const { what, where } = thrown.details;
    return { ...failed, status: "missing", says: `optional; ${what} in ${where}` };
  }
}

/** Reads all images of the built-in datasets, whose files have checksums. */
export async function checkDatasets(): Promise<Check[]> {
  const checks: Check[] = [];
  for (const name of builtInPlugins("dataset")) checks.push(await checkDataset(name));
  return checks;
}

function checkTable(folder: string): Check {
  try {
    const card = readCard(folder);
    for (const { files } of card.datasets.flatMap(({ recipes }) => recipes)) {
      for (const file of files) readVerifiedFile(folder, file);
    }
    const facts = { folder, id: card.id, version: card.version, benchmark: card.benchmark };
    return {
      name: `table ${card.id}`,
      status: "ok",
      needed: true,
      says: `${card.version} in ${folder}, intact`,
      facts,
    };
  } catch (thrown) {
    // A command that looks for a table stops at a broken one.
    return failedCheck(`table ${path.basename(folder)}`, true, thrown);
  }
}

/** Checks the files of all tables that are found against their cards. */
export function checkTables(): Check[] {
  const folders = findTables();
  if (folders.length > 0) return folders.map(checkTable);
  return [
    {
      name: "tables",
      status: "missing",
      needed: false,
      says: `none in $${TABLES_VARIABLE}, ./tables or the dataset plugins; run, query and leaderboard need one`,
      next: "make one: nas-harness table import --help, or table build --help",
      facts: { folders },
    },
  ];
}
