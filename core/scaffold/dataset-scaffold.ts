import path from "node:path";
import { MANIFEST_NAME } from "../plugins/manifest.ts";
import { TABLE_PLAN_NAME } from "../plugins/table-plan-file.ts";
import { DATASET_RECIPES, datasetManifest, datasetPlan, datasetProtocol } from "./dataset-documents.ts";
import { DATASET_ENTRY, DATASET_TEST, datasetReadme } from "./dataset-files.ts";
import { isInHarness, PACKAGE, PACKAGE_NAME } from "./harness-place.ts";
import { documentText } from "./json-text.ts";
import { datasetCommands, testCommand } from "./next-commands.ts";
import { checkNewName } from "./plugin-names.ts";

/**
 * The files of a new dataset that works: images that are drawn, so that nothing has to be fetched, recipes, the plan of a
 * table that takes minutes, and a protocol to search it by.
 * @param name the dataset's id, and that of its table and protocol
 * @param folder where they are to go; its last part stands in the commands of the README
 * @returns text by place in the folder, the manifest first
 * @throws NAS_USAGE if the name is none, or that of a built-in dataset or protocol
 */
export function datasetScaffold(name: string, folder: string): Map<string, string> {
  checkNewName("dataset", name);
  const own = path.basename(path.resolve(folder));
  return new Map<string, string>([
    [MANIFEST_NAME, documentText(datasetManifest(name))],
    ["index.ts", DATASET_ENTRY],
    ["index.test.ts", DATASET_TEST],
    ...DATASET_RECIPES.map((recipe) => [`recipes/${recipe.id}.json`, documentText(recipe)] as const),
    [TABLE_PLAN_NAME, documentText(datasetPlan(name))],
    ["protocol.json", documentText(datasetProtocol(name))],
    ...(isInHarness(folder) ? [] : [[PACKAGE_NAME, PACKAGE] as const]),
    ["README.md", datasetReadme(name, [...datasetCommands(own), testCommand(own)].join("\n"))],
  ]);
}
