import { existsSync, readdirSync, statSync } from "node:fs";
import path from "node:path";
import { HarnessError } from "../errors/harness-error.ts";
import { writeFailure, writeFilesAtomic } from "../files/atomic-file.ts";
import { algorithmScaffold } from "../scaffold/algorithm-scaffold.ts";
import { datasetScaffold } from "../scaffold/dataset-scaffold.ts";
import type { Language } from "../scaffold/languages.ts";
import { datasetCommands, nextCommands } from "../scaffold/next-commands.ts";
import { print, printJson } from "./terminal.ts";

/** What the command line gives to `new dataset`. */
export interface NewDatasetFlags {
  folder?: string;
  json?: true;
}

/** What the command line gives to `new algorithm`. */
export interface NewAlgorithmFlags extends NewDatasetFlags {
  language: Language;
}

function isFree(folder: string): boolean {
  if (!existsSync(folder)) return true;
  try {
    return statSync(folder).isDirectory() && readdirSync(folder).length === 0;
  } catch (cause) {
    throw writeFailure(folder, cause);
  }
}

/** Demands a folder that is empty or not there: files of the user's are never mixed with new ones. */
function refuseToMix(folder: string): void {
  if (isFree(folder)) return;
  throw new HarnessError("NAS_OUTPUT_EXISTS", {
    what: statSync(folder).isDirectory() ? "the folder is not empty; nothing was written" : "this is a file",
    where: folder,
    allowed: "a folder that is empty or does not exist",
    next: "name another one with --folder",
  });
}

/** Writes a new plugin and says what to type next. @param facts what the JSON document says besides */
function writePlugin(
  facts: Readonly<Record<string, string>>,
  { folder, json }: { readonly folder: string; readonly json: boolean },
  files: ReadonlyMap<string, string>,
  next: readonly string[],
): void {
  refuseToMix(folder);
  writeFilesAtomic(new Map([...files].map(([file, text]) => [path.join(folder, file), text])));
  if (json) {
    printJson({ ...facts, folder, files: [...files.keys()], next });
    return;
  }
  for (const file of files.keys()) print(`wrote ${path.join(folder, file)}`);
  print(["", "next:", ...next.map((command) => `  ${command}`)].join("\n"));
}

/** The action of `new algorithm`. @throws NAS_USAGE, NAS_OUTPUT_EXISTS, NAS_WRITE_FAILED */
export function newAlgorithm(name: string, flags: NewAlgorithmFlags): void {
  const { language, folder = `./${name}`, json = false } = flags;
  // The name first: it may be what makes the folder unusable.
  const files = algorithmScaffold(name, language, folder);
  writePlugin({ algorithm: name, language }, { folder, json }, files, nextCommands(folder));
}

/** The action of `new dataset`. @throws NAS_USAGE, NAS_OUTPUT_EXISTS, NAS_WRITE_FAILED */
export function newDataset(name: string, flags: NewDatasetFlags): void {
  const { folder = `./${name}`, json = false } = flags;
  const files = datasetScaffold(name, folder);
  writePlugin({ dataset: name }, { folder, json }, files, datasetCommands(folder));
}
