import { createHash } from "node:crypto";
import path from "node:path";
import type { DatasetManifest } from "../../schemas/generated/plugin-manifest.ts";
import type { DatasetSubmission, TableAddress } from "../../schemas/generated/submission.ts";
import { HarnessError } from "../errors/harness-error.ts";
import type { FileContent } from "../files/atomic-file.ts";
import { readBytes } from "../files/json-file.ts";
import { pluginHash } from "../plugins/plugin-hash.ts";
import type { LocatedPlugin } from "../plugins/plugin-location.ts";
import { recordTable } from "../records/session.ts";
import { currentEnvironment, protocolSha256 } from "../records/session-inputs.ts";
import { CARD_NAME, openSearchView } from "../tables/search-view.ts";
import { listPluginFiles } from "./plugin-files.ts";
import { benchmarkOf } from "./shipped-benchmarks.ts";
import { PLUGIN_FOLDER, SUBMISSION_NAME } from "./submission-folder.ts";

/** Whether a file of the plugin lies in its table's folder. */
function isOfTable(place: string, manifest: DatasetManifest): boolean {
  return manifest.table !== undefined && place.startsWith(`${path.posix.normalize(manifest.table)}/`);
}

/**
 * The files of a dataset's submission, by path: `submission.json` and the plugin with images, recipes, protocol and table.
 * @param url address of a folder that holds the table; null: it is handed in with the plugin
 * @throws NAS_SUBMISSION if protocol or table are missing or the plugin is too large, NAS_TABLE_CORRUPT
 */
export function datasetSubmission(
  plugin: LocatedPlugin<DatasetManifest>,
  url: string | null = null,
): Map<string, FileContent> {
  const { folder, manifest } = plugin;
  const benchmark = benchmarkOf(plugin);
  if (benchmark === null) {
    throw new HarnessError("NAS_SUBMISSION", {
      what: "the dataset has no protocol or no table: nothing could be run on it",
      where: folder,
      allowed: 'a manifest with "protocol" and "table", and the table in its place',
      next: `nas-harness table build ${folder} --output ${path.join(folder, manifest.table ?? "table")}`,
    });
  }
  const isPart = (place: string) => url === null || !isOfTable(place, manifest);
  const files = listPluginFiles(folder, isPart);
  const card = readBytes(path.join(benchmark.tableFolder, CARD_NAME));
  const tableAddress: TableAddress | null =
    url === null ? null : { url, cardSha256: createHash("sha256").update(card).digest("hex") };
  const { name: id, version, title, authors, licence, paper } = manifest;
  const { protocol } = benchmark;
  const submission: DatasetSubmission = {
    format: 1,
    kind: "dataset",
    dataset: { id, version, title },
    plugin: { sha256: pluginHash(folder, isPart), files },
    authors,
    ...(paper === undefined ? {} : { paper }),
    licence,
    protocol: { id: protocol.id, version: protocol.version, sha256: protocolSha256(protocol) },
    table: recordTable(openSearchView(benchmark.tableFolder)),
    ...(tableAddress === null ? {} : { tableAddress }),
    environment: currentEnvironment(),
  };
  return new Map<string, FileContent>([
    [SUBMISSION_NAME, `${JSON.stringify(submission, null, 2)}\n`],
    ...files.map(({ path: place }): [string, FileContent] => [
      path.join(PLUGIN_FOLDER, place),
      readBytes(path.join(folder, place)),
    ]),
  ]);
}
