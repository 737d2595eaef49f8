import { readFile } from "node:fs/promises";
import path from "node:path";
import { unpackBzip2 } from "../../files/bzip2/bzip2-buffer.ts";
import type { PickleOptions } from "../../files/pickle/pickle-machine.ts";
import { readPickle } from "../../files/pickle/pickle-reader.ts";
import type { PickleValue } from "../../files/pickle/pickle-values.ts";
import type { OfficialTrial } from "../official-trial.ts";
import { architectureTrials } from "./architecture-results.ts";
import { readFailure } from "./file-bytes.ts";
import { OFFICIAL_PICKLE } from "./official-names.ts";
import { OfficialPlace } from "./official-place.ts";

/** Bytes that a file of one architecture may unpack to: with weights it has about 60 million. */
const MOST_UNPACKED = 1 << 29;
const ARCHITECTURE_FILE = /^(\d{6})\.pickle(\.pbz2)?$/;

/** Name of the file that lists all architectures. */
export const META_FILE: RegExp = /^meta\.pickle(\.pbz2)?$/;

/** The architecture that a file of the folder form is of, by its name (`000011.pickle.pbz2`); null if it is none. */
export function architectureOfFile(name: string): number | null {
  const match = ARCHITECTURE_FILE.exec(name);
  return match === null ? null : Number(match[1]);
}

/** True for bytes that begin as bzip2 files do. */
export function isBzip2(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.subarray(0, 3)).toString("latin1") === "BZh";
}

/**
 * The value of a small official file, packed with bzip2 or not.
 * @param options names with makers; without, weights are passed over
 * @throws NAS_BZIP, NAS_PICKLE
 */
export async function readOfficialBytes(
  bytes: Uint8Array,
  file: string,
  options: PickleOptions = OFFICIAL_PICKLE,
): Promise<PickleValue> {
  return readPickle(isBzip2(bytes) ? await unpackBzip2(bytes, file, MOST_UNPACKED) : bytes, file, options);
}

/** The value of a small official file. @throws NAS_FILE_NOT_FOUND, NAS_FILE_UNREADABLE, NAS_BZIP, NAS_PICKLE */
export async function readOfficialFile(file: string, options: PickleOptions = OFFICIAL_PICKLE): Promise<PickleValue> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(file);
  } catch (thrown) {
    throw readFailure(file, thrown);
  }
  return readOfficialBytes(bytes, file, options);
}

/**
 * The trials of one architecture from its file of the folder form, `NNNNNN.pickle.pbz2`, simple or full.
 * @throws NAS_OFFICIAL_FILE, NAS_FILE_NOT_FOUND, NAS_FILE_UNREADABLE, NAS_BZIP, NAS_PICKLE
 */
export async function readArchitectureFile(file: string): Promise<readonly OfficialTrial[]> {
  const place = new OfficialPlace(file);
  const architecture = architectureOfFile(path.basename(file));
  if (architecture === null)
    throw place.fault("the file's name is not that of an architecture", "such as 000011.pickle.pbz2");
  return architectureTrials(await readOfficialFile(file), architecture, place);
}
