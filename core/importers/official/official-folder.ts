import { readdirSync } from "node:fs";
import path from "node:path";
import { ARCHITECTURE_COUNT } from "../../space/operations.ts";
import type { OfficialTrial } from "../official-trial.ts";
import { architectureOfFile, META_FILE, readArchitectureFile, readOfficialFile } from "./architecture-file.ts";
import { readFailure } from "./file-bytes.ts";
import { checkMetaArchitectures } from "./meta-architectures.ts";
import { OfficialPlace } from "./official-place.ts";

/** What a folder of NATS-Bench's files holds (`NATS-tss-v1_0-3ffb9-simple` or `-full`). */
export interface OfficialFolder {
  /** Path of `meta.pickle.pbz2`; null if it is not there. */
  readonly meta: string | null;
  /** One file an architecture, by index; others may be missing. */
  readonly files: readonly { readonly architecture: number; readonly path: string }[];
}

/** @throws NAS_OFFICIAL_FILE if no file is of an architecture or two are of one, NAS_FILE_NOT_FOUND, NAS_FILE_UNREADABLE */
export function listOfficialFolder(folder: string): OfficialFolder {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch (thrown) {
    throw readFailure(folder, thrown);
  }
  const place = new OfficialPlace(folder);
  const files = new Map<number, string>();
  let meta: string | null = null;
  for (const name of names.sort()) {
    if (META_FILE.test(name)) meta = path.join(folder, name);
    const architecture = architectureOfFile(name);
    if (architecture === null) continue;
    if (architecture >= ARCHITECTURE_COUNT)
      throw place.fault(`there is the file ${name}`, `files of the architectures 0 to ${ARCHITECTURE_COUNT - 1}`);
    if (files.has(architecture))
      throw place.fault(`two files are of architecture ${architecture}`, "one file for each");
    files.set(architecture, path.join(folder, name));
  }
  if (files.size === 0)
    throw place.fault("no file in this folder is of an architecture", "files such as 000011.pickle.pbz2");
  const list = [...files].map(([architecture, file]) => ({ architecture, path: file }));
  return { meta, files: list.sort((a, b) => a.architecture - b.architecture) };
}

/** Checks the file that lists all architectures. @throws NAS_OFFICIAL_FILE, NAS_BZIP, NAS_PICKLE */
export async function checkMetaFile(file: string): Promise<void> {
  checkMetaArchitectures(await readOfficialFile(file), new OfficialPlace(file));
}

/** The trials of a folder, one batch an architecture, by index. @throws as {@link readArchitectureFile} */
export async function* readOfficialFolder(folder: string): AsyncGenerator<readonly OfficialTrial[]> {
  const { meta, files } = listOfficialFolder(folder);
  if (meta !== null) await checkMetaFile(meta);
  for (const file of files) yield await readArchitectureFile(file.path);
}
