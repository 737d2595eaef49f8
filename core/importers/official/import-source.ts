import { createReadStream, statSync } from "node:fs";
import path from "node:path";
import { tarMembers } from "../../downloads/tar-members.ts";
import { ARCHITECTURE_COUNT } from "../../space/operations.ts";
import type { ImportSource, SourceUnit, UnitSource } from "../pipeline/import-source.ts";
import { architectureOfFile, META_FILE, readOfficialBytes } from "./architecture-file.ts";
import { readFailure } from "./file-bytes.ts";
import { checkMetaArchitectures } from "./meta-architectures.ts";
import { checkMetaFile, listOfficialFolder } from "./official-folder.ts";
import { OfficialPlace } from "./official-place.ts";
import { type OfficialKind, officialKind, readOfficial } from "./official-source.ts";
import { ARCHITECTURE_UNIT_READER } from "./unit-reader.ts";

/** The kinds of each publication. */
export const PUBLISHED_KINDS = {
  "nats-bench": ["folder", "tar", "bzip2", "pickle"],
  "nas-bench-201": ["torch-legacy", "torch-zip", "pickle"],
} as const satisfies Record<string, readonly OfficialKind[]>;

/** A publication whose files can be imported. */
export type Publication = keyof typeof PUBLISHED_KINDS;

async function folderSource(folder: string): Promise<UnitSource> {
  const { meta, files } = listOfficialFolder(folder);
  if (meta !== null) await checkMetaFile(meta);
  const units = files.map(({ path: file }): SourceUnit => {
    return { name: path.basename(file), file, offset: 0, bytes: statSync(file).size };
  });
  return { kind: "units", path: folder, isArchive: false, units, reader: ARCHITECTURE_UNIT_READER };
}

async function tarSource(archive: string): Promise<UnitSource> {
  const place = new OfficialPlace(archive);
  const units = new Map<number, SourceUnit>();
  for await (const { name, bytes, offset, content } of tarMembers(createReadStream(archive), archive)) {
    const base = path.posix.basename(name);
    if (META_FILE.test(base)) {
      const parts: Uint8Array[] = [];
      for await (const part of content) parts.push(part);
      checkMetaArchitectures(await readOfficialBytes(Buffer.concat(parts), `${archive}, ${name}`), place.in(name));
    }
    const architecture = architectureOfFile(base);
    if (architecture === null) continue;
    if (architecture >= ARCHITECTURE_COUNT)
      throw place.fault(`there is the file ${name}`, "files of the architectures 0 to 15624");
    if (units.has(architecture))
      throw place.fault(`two files are of architecture ${architecture}`, "one file for each");
    units.set(architecture, { name, file: archive, offset, bytes });
  }
  if (units.size === 0)
    throw place.fault("no file in the archive is of an architecture", "files such as 000011.pickle.pbz2");
  const sorted = [...units].sort(([a], [b]) => a - b).map(([, unit]) => unit);
  return { kind: "units", path: archive, isArchive: true, units: sorted, reader: ARCHITECTURE_UNIT_READER };
}

/**
 * Official data as a source for the import. Folders and tar archives are read by several processes, files that hold all
 * architectures from their beginning to their end.
 * @throws NAS_OFFICIAL_FILE if it is none, or of another publication; NAS_FILE_NOT_FOUND, NAS_FILE_UNREADABLE, NAS_DOWNLOAD
 * for a broken archive, NAS_BZIP2, NAS_PICKLE
 */
export async function openOfficialSource(file: string, publication: Publication): Promise<ImportSource> {
  const kind = await officialKind(file);
  const kinds: readonly OfficialKind[] = PUBLISHED_KINDS[publication];
  if (!kinds.includes(kind)) {
    const other = publication === "nats-bench" ? "nas-bench-201" : "nats-bench";
    throw new OfficialPlace(file).fault(`this is no file of ${publication}`, `use table import ${other} for it`);
  }
  try {
    if (kind === "folder") return await folderSource(file);
    if (kind === "tar") return await tarSource(file);
  } catch (thrown) {
    // The system's errors only: the others say what is wrong themselves.
    if ((thrown as NodeJS.ErrnoException).syscall === undefined) throw thrown;
    throw readFailure(file, thrown);
  }
  return { kind: "stream", files: [file], batches: ARCHITECTURE_COUNT, open: () => readOfficial(file) };
}
