import path from "node:path";
import { placeUnpacked } from "../downloads/placing.ts";
import { unpackMembers, type WantedMember } from "../downloads/unpacking.ts";

/**
 * Unpacks files of an archive in the data folder into that folder: all of them, or none where something else is in the way.
 * @param archive its name in the folder
 * @throws NAS_DOWNLOAD, NAS_OUTPUT_EXISTS, NAS_WRITE_FAILED, the signal's reason
 */
export async function unpackSource(
  archive: string,
  members: readonly WantedMember[],
  folder: string,
  signal: AbortSignal,
): Promise<{ name: string; sha256: string }[]> {
  return placeUnpacked(await unpackMembers(path.join(folder, archive), folder, members, signal), folder, signal);
}
