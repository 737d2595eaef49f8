import path from "node:path";
import type { TableSource } from "../../schemas/generated/table-sources.ts";
import { PATIENCE } from "../downloads/download.ts";
import { lockFolder } from "../files/folder-lock.ts";
import { removeLeftovers } from "../files/leftovers.ts";
import { FETCHED_NAME } from "../importers/fetched-checksums.ts";
import { type FetchedSource, fetchTableSource } from "../importers/source-fetch.ts";
import { findSource, readTableSources } from "../importers/table-sources.ts";
import { shellWord } from "../scaffold/next-commands.ts";
import { FetchProgress } from "./fetch-progress.ts";
import { INTERRUPTED, interruptible } from "./interruption.ts";
import { TABLE_IMPORTERS } from "./table-importers.ts";
import { listSources } from "./table-sources-list.ts";
import { columns, print, printJson, remark } from "./terminal.ts";

/** What the command line gives to `table fetch`. */
export interface TableFetchFlags {
  data?: string;
  sources?: string;
  import: boolean;
  output?: string;
  overwrite?: true;
  json?: true;
}

/** The command again, as it was called. */
function commandAgain(id: string, flags: TableFetchFlags): string {
  const words = [
    ...(flags.sources === undefined ? [] : ["--sources", flags.sources]),
    ...(flags.data === undefined ? [] : ["--data", flags.data]),
    ...(flags.import ? [] : ["--no-import"]),
    ...(flags.output === undefined ? [] : ["--output", flags.output]),
    ...(flags.overwrite === true ? ["--overwrite"] : []),
  ];
  return ["nas-harness table fetch", id, ...words].map((word, at) => (at === 0 ? word : shellWord(word))).join(" ");
}

/** Fetches into a folder that is locked meanwhile; null if it was interrupted. */
async function fetchLocked(source: TableSource, folder: string, command: string): Promise<FetchedSource | null> {
  const { file, unpack = [] } = source;
  const lock = lockFolder(folder);
  const { signal, restore } = interruptible();
  const progress = new FetchProgress();
  const say = (text: string) => {
    progress.finish();
    remark(text);
  };
  try {
    removeLeftovers(folder, [file.name, `${file.name}.part.json`, ...unpack, FETCHED_NAME]);
    return await fetchTableSource(source, folder, command, {
      patience: PATIENCE,
      signal,
      onStep: say,
      onRetry: (why) => say(`${why}; trying again`),
      onBytes: (done, total) => progress.update(file.name, done, total),
    });
  } catch (error) {
    if (!signal.aborted) throw error;
    say(`interrupted; what was received is kept, go on with: ${command}`);
    return null;
  } finally {
    progress.finish();
    restore();
    lock.release();
  }
}

/**
 * The action of `table fetch`; returns the exit code.
 * @throws NAS_USAGE, NAS_DOWNLOAD, NAS_OUTPUT_EXISTS, NAS_OUTPUT_LOCKED, NAS_WRITE_FAILED, NAS_JSON, NAS_SCHEMA,
 * NAS_FILE_NOT_FOUND, NAS_FILE_UNREADABLE, and what the importer throws
 */
export async function fetchTable(id: string | undefined, flags: TableFetchFlags): Promise<number> {
  const sources = readTableSources(flags.sources);
  if (id === undefined) {
    listSources(sources, flags.json === true);
    return 0;
  }
  const source = findSource(sources, id);
  const folder = flags.data ?? path.join("downloads", source.id);
  const fetched = await fetchLocked(source, folder, commandAgain(id, flags));
  if (fetched === null) return INTERRUPTED;
  const { input, files } = fetched;
  const isJson = flags.json === true;
  const importer = flags.import ? TABLE_IMPORTERS[source.importer] : undefined;
  const rows = columns([["file", "came", "SHA-256"], ...files.map((file) => [file.name, file.came, file.sha256])]);
  if (importer !== undefined) {
    // The importer's document is the only one on stdout.
    (isJson ? remark : print)(rows);
    const { output, overwrite } = flags;
    return importer({
      input,
      ...(output === undefined ? {} : { output }),
      ...(overwrite === undefined ? {} : { overwrite }),
      ...(isJson ? { json: true } : {}),
    });
  }
  const next = `nas-harness table import ${source.importer} ${shellWord(input)}`;
  if (isJson) printJson({ source: source.id, importer: source.importer, input, files, next });
  else print(rows);
  remark(`all files of ${source.id} are in ${folder}; next: ${next}`);
  return 0;
}
