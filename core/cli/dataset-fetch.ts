import path from "node:path";
import { PATIENCE } from "../downloads/download.ts";
import { lockFolder } from "../files/folder-lock.ts";
import { removeLeftovers } from "../files/leftovers.ts";
import { fetchDatasetFiles, type PresentFile } from "../plugins/dataset-fetch.ts";
import { filesOf, readSources } from "../plugins/dataset-sources.ts";
import { locateDataset } from "../plugins/dataset-splits.ts";
import { shellWord } from "../scaffold/next-commands.ts";
import { CHECKSUMS_NAME } from "../training/recorded-file.ts";
import { FetchProgress } from "./fetch-progress.ts";
import { INTERRUPTED, interruptible } from "./interruption.ts";
import { columns, print, printJson, remark } from "./terminal.ts";

/** What the command line gives to `dataset fetch`. */
export interface FetchFlags {
  output?: string;
  json?: true;
}

/**
 * The action of `dataset fetch`; returns the exit code.
 * @throws NAS_USAGE, NAS_DATASET_FILES, NAS_DOWNLOAD, NAS_IMAGES, NAS_OUTPUT_EXISTS, NAS_OUTPUT_LOCKED, NAS_WRITE_FAILED,
 * NAS_JSON, NAS_SCHEMA, NAS_PLUGIN_NOT_FOUND, NAS_PLUGIN_MANIFEST
 */
export async function fetchDataset(nameOrPath: string, flags: FetchFlags): Promise<number> {
  const plugin = locateDataset(nameOrPath);
  const { name, version } = plugin.manifest;
  const sources = readSources(plugin);
  const folder = flags.output ?? path.join("downloads", name);
  const output = flags.output === undefined ? "" : ` --output ${shellWord(flags.output)}`;
  const command = `nas-harness dataset fetch ${shellWord(nameOrPath)}${output}`;
  const lock = lockFolder(folder);
  const { signal, restore } = interruptible();
  const progress = new FetchProgress();
  const say = (text: string) => {
    progress.finish();
    remark(text);
  };
  let files: PresentFile[];
  try {
    const parts = sources.files.map((file) => `${file.name}.part.json`);
    removeLeftovers(folder, [...sources.files.flatMap(filesOf), ...parts, CHECKSUMS_NAME]);
    files = await fetchDatasetFiles(sources, folder, command, {
      patience: PATIENCE,
      signal,
      onStep: say,
      onRetry: (why) => say(`${why}; trying again`),
      onBytes: (file, done, total) => progress.update(file, done, total),
    });
  } catch (error) {
    if (!signal.aborted) throw error;
    say(`interrupted; what was received is kept, go on with: ${command}`);
    return INTERRUPTED;
  } finally {
    progress.finish();
    restore();
    lock.release();
  }
  if (flags.json === true) {
    printJson({ dataset: name, version, folder, files });
    return 0;
  }
  print(columns([["file", "came", "SHA-256"], ...files.map((file) => [file.name, file.came, file.sha256])]));
  const from = folder === path.join("downloads", name) ? "" : ` --from ${shellWord(folder)}`;
  remark(
    `all files of ${name} ${version} are in ${folder}; next: nas-harness dataset info ${shellWord(nameOrPath)}${from}`,
  );
  return 0;
}
