import path from "node:path";
import { type TarMember, tarMembers } from "../../downloads/tar-members.ts";
import type { OfficialTrial } from "../official-trial.ts";
import { architectureOfFile, META_FILE, readOfficialBytes } from "./architecture-file.ts";
import { architectureTrials } from "./architecture-results.ts";
import { type BytesRead, fileChunks } from "./file-chunks.ts";
import { checkMetaArchitectures } from "./meta-architectures.ts";
import { OfficialPlace } from "./official-place.ts";

/** Bytes of a packed file of one architecture; with weights it has about 40 million. */
const LARGEST_MEMBER = 1 << 28;

/** A file of one architecture in an archive. */
export interface ArchitectureMember {
  readonly architecture: number;
  /** The archive with the member's name, for errors. */
  readonly file: string;
  /** Its content, as it is in the archive. */
  readonly bytes: Uint8Array;
}

async function contentOf({ bytes, content }: TarMember, place: OfficialPlace): Promise<Uint8Array> {
  if (bytes > LARGEST_MEMBER) throw place.fault(`the file has ${bytes} bytes`, `at most ${LARGEST_MEMBER}`);
  const parts: Uint8Array[] = [];
  for await (const part of content) parts.push(part);
  return Buffer.concat(parts);
}

/** True for bytes that begin as a tar archive does. */
export function isTar(head: Uint8Array): boolean {
  return Buffer.from(head.subarray(257, 262)).toString("latin1") === "ustar";
}

/**
 * The files of architectures in an archive of a folder (`NATS-tss-v1_0-3ffb9-simple.tar`), as they come; the file that lists
 * the architectures is checked when it comes, others are passed over.
 * @throws NAS_OFFICIAL_FILE, NAS_DOWNLOAD for a broken archive, NAS_FILE_NOT_FOUND, NAS_FILE_UNREADABLE
 */
export async function* architectureMembers(archive: string, onRead?: BytesRead): AsyncGenerator<ArchitectureMember> {
  const seen = new Set<number>();
  for await (const member of tarMembers(fileChunks(archive, onRead), archive)) {
    const name = path.posix.basename(member.name);
    const file = `${archive}, ${member.name}`;
    const place = new OfficialPlace(file);
    if (META_FILE.test(name))
      checkMetaArchitectures(await readOfficialBytes(await contentOf(member, place), file), place);
    const architecture = architectureOfFile(name);
    if (architecture === null) continue;
    if (seen.has(architecture)) throw place.fault(`two files are of architecture ${architecture}`, "one file for each");
    seen.add(architecture);
    yield { architecture, file, bytes: await contentOf(member, place) };
  }
  if (seen.size === 0) {
    const place = new OfficialPlace(archive);
    throw place.fault("no file in the archive is of an architecture", "files such as 000011.pickle.pbz2");
  }
}

/** The trials of a file of one architecture. @throws NAS_OFFICIAL_FILE, NAS_BZIP, NAS_PICKLE */
export async function memberTrials({
  architecture,
  file,
  bytes,
}: ArchitectureMember): Promise<readonly OfficialTrial[]> {
  return architectureTrials(await readOfficialBytes(bytes, file), architecture, new OfficialPlace(file));
}

/** The trials of an archive, one batch an architecture, in its order. @throws as {@link architectureMembers} */
export async function* readOfficialTar(archive: string, onRead?: BytesRead): AsyncGenerator<readonly OfficialTrial[]> {
  for await (const member of architectureMembers(archive, onRead)) yield await memberTrials(member);
}
