import path from "node:path";
import type { OfficialTrial } from "../official-trial.ts";
import type { UnitReaderPlace } from "../pipeline/import-source.ts";
import { architectureOfFile, readOfficialBytes } from "./architecture-file.ts";
import { architectureTrials } from "./architecture-results.ts";
import { OfficialPlace } from "./official-place.ts";

/**
 * The trials of a file of one architecture, from its bytes.
 * @param where the file or the archive's member; its name says the architecture
 * @throws NAS_OFFICIAL_FILE, NAS_BZIP2, NAS_PICKLE
 */
export async function readArchitectureUnit(bytes: Uint8Array, where: string): Promise<readonly OfficialTrial[]> {
  const place = new OfficialPlace(where);
  const architecture = architectureOfFile(path.posix.basename(where));
  if (architecture === null)
    throw place.fault("the file's name is not that of an architecture", "such as 000011.pickle.pbz2");
  return architectureTrials(await readOfficialBytes(bytes, where), architecture, place);
}

/** {@link readArchitectureUnit} for importing processes. */
export const ARCHITECTURE_UNIT_READER: UnitReaderPlace = { module: import.meta.url, name: "readArchitectureUnit" };
