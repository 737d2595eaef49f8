import { closeSync, existsSync, openSync, readSync, statSync } from "node:fs";
import path from "node:path";
import type { SourceMirror, TableSource } from "../../schemas/generated/table-sources.ts";
import { describeChecksum, differingChecksum } from "../downloads/checksums.ts";
import type { FetchSettings } from "../downloads/fetched-file.ts";
import { digestsOfFile, type FileDigests } from "../downloads/file-digest.ts";
import { fetchFromMirrors, type Mirror, type MirrorFailure } from "../downloads/mirrors.ts";
import { sizeOf } from "../downloads/transfer.ts";
import { startsLikePage } from "../downloads/web-page.ts";
import { zipMembers } from "../downloads/zip-members.ts";
import { HarnessError } from "../errors/harness-error.ts";
import { formatSize, refuseIfFull } from "../files/free-space.ts";
import { type FetchedFile, keptFiles, recordFetched } from "./fetched-checksums.ts";
import { unpackZip } from "./source-unpacking.ts";

/** Bytes that a file of unknown size may have: more than any published file without weights. */
const MOST_UNKNOWN_BYTES = 64 * 1024 * 1024 * 1024;

/** How a source is fetched. */
export interface SourceFetchSettings extends FetchSettings {
  /** Told what is done next, in words. */
  readonly onStep: (what: string) => void;
}

/** A source whose files are all there. */
export interface FetchedSource {
  /** What to give to the importer: the file, or the folder of what was unpacked. */
  readonly input: string;
  readonly files: readonly FetchedFile[];
}

/** A mirror that a program can ask. */
type AskedMirror = SourceMirror & Mirror;

/** Mirrors that a program can ask, those that are reported dead last. */
function askedMirrors({ mirrors }: TableSource): AskedMirror[] {
  const asked = mirrors.filter((mirror): mirror is AskedMirror => mirror.kind !== "by-hand");
  const isDead = ({ reportedDead }: AskedMirror) => reportedDead !== undefined;
  return [...asked.filter((mirror) => !isDead(mirror)), ...asked.filter(isDead)];
}

/** An address with what a person should know of it. */
function describeMirror({ address, note, reportedDead }: SourceMirror): string {
  const remarks = [note, reportedDead === undefined ? undefined : `reported dead by ${reportedDead}`];
  const known = remarks.filter((remark) => remark !== undefined).join("; ");
  return known === "" ? address : `${address} (${known})`;
}

/** What is known of a file, for who brings it by hand. */
function describeFile({ file }: TableSource): string {
  const size = file.bytes ?? file.approximateBytes;
  const about = file.bytes === undefined ? "about " : "";
  return [
    `a file named ${file.name}`,
    ...(size === undefined ? [] : [`${about}${formatSize(size)}`]),
    ...(file.checksums ?? []).map(describeChecksum),
  ].join(", ");
}

/** The one message when a file can't be had by a program: every address, why it failed, and what to do by hand. */
function bringByHand(
  source: TableSource,
  failures: readonly MirrorFailure<AskedMirror>[],
  folder: string,
  command: string,
): HarnessError {
  const { file, mirrors } = source;
  const byHand = mirrors.filter(({ kind }) => kind === "by-hand");
  const first = mirrors.find(({ reportedDead }) => reportedDead === undefined) ?? (mirrors[0] as SourceMirror);
  const tried = failures.length === 1 ? "its address" : `any of its ${failures.length} addresses`;
  return new HarnessError("NAS_DOWNLOAD", {
    what:
      failures.length === 0
        ? `${file.name} can't be fetched by a program: it is published only where a person has to open a page`
        : `${file.name} could not be fetched from ${tried}`,
    where: [
      ...failures.map(({ mirror, why }) => `- ${describeMirror(mirror)}: ${why}`),
      ...byHand.map((mirror) => `- ${describeMirror(mirror)}: only by hand`),
    ].join("\n"),
    allowed: describeFile(source),
    next: [
      `open ${first.address} in a browser${mirrors.length > 1 ? ", or another one of these addresses" : ""},`,
      `put the file into ${folder} as ${file.name},`,
      `then run: ${command}`,
    ].join("\n"),
  });
}

/** Refuses a file that was brought by hand and is another one. @throws NAS_DOWNLOAD */
function refuseOtherFile(
  { file: { bytes } }: TableSource,
  file: string,
  digests: FileDigests,
  known: Parameters<typeof differingChecksum>[1],
): void {
  const size = statSync(file).size;
  const head = Buffer.alloc(512);
  const handle = openSync(file, "r");
  const length = readSync(handle, head);
  closeSync(handle);
  const fault =
    bytes !== undefined && size !== bytes
      ? `it has ${size} bytes instead of ${bytes}`
      : startsLikePage(head.subarray(0, length))
        ? "it is a web page that a browser has saved"
        : differingChecksum(digests, known);
  if (fault === null) return;
  throw new HarnessError("NAS_DOWNLOAD", {
    what: `another file is there: ${fault}`,
    where: file,
    next: "delete the file, or move it elsewhere, and run the command again",
  });
}

/**
 * Makes sure that the file of a source is there and the right one.
 * @throws NAS_DOWNLOAD if it can't be had, NAS_WRITE_FAILED, the signal's reason
 */
async function ensureFile(
  source: TableSource,
  folder: string,
  command: string,
  settings: SourceFetchSettings,
): Promise<FetchedFile> {
  const { name, bytes, approximateBytes, checksums = [] } = source.file;
  const file = path.join(folder, name);
  const known = { checksums: checksums.filter(({ reported }) => reported !== true) };
  const came = existsSync(file) ? "checked" : "fetched";
  if (came === "checked") settings.onStep(`checking ${name}`);
  else {
    const size = bytes ?? approximateBytes ?? 0;
    refuseIfFull(folder, size - sizeOf(`${file}.part`), `fetch ${name}`);
    // Where the size is not published, the server tells it.
    let isChecked = size > 0;
    const onBytes = (done: number, total: number | null) => {
      if (!isChecked && total !== null) refuseIfFull(folder, total - done, `fetch ${name}`);
      isChecked ||= total !== null;
      settings.onBytes(done, total ?? bytes ?? null);
    };
    const wanted = { file, bytes: bytes ?? null, most: bytes ?? MOST_UNKNOWN_BYTES, ...known };
    const onMirror = (mirror: AskedMirror) => settings.onStep(`fetching ${name} from ${describeMirror(mirror)}`);
    // An archive that is cut off or a page in another guise has no directory.
    const accept = (part: string) => void (source.unpack !== undefined && zipMembers(part));
    const asked = askedMirrors(source);
    const { mirror, failures } = await fetchFromMirrors(wanted, asked, { ...settings, onBytes }, onMirror, accept);
    if (mirror === null) throw bringByHand(source, failures, folder, command);
    settings.onStep(`checking ${name}`);
  }
  const digests = await digestsOfFile(file, settings.signal);
  if (came === "checked") refuseOtherFile(source, file, digests, known);
  for (const checksum of checksums.filter(({ reported }) => reported === true))
    if (differingChecksum(digests, { checksums: [checksum] }) !== null)
      settings.onStep(
        `${name} is not as reported: expected was ${describeChecksum(checksum)} (${checksum.evidence}); it has ${digests[checksum.algorithm]}`,
      );
  return { name, sha256: digests.sha256, came };
}

/**
 * Fetches, checks, unpacks and records what a source publishes. What is there and right is kept, so an interrupted call is simply
 * made again. A file that was put into the folder by hand is checked in place of fetched.
 * @param folder where the files go; the caller holds its lock
 * @param command what to run again, for errors
 * @throws NAS_DOWNLOAD, NAS_OUTPUT_EXISTS, NAS_WRITE_FAILED, NAS_JSON, NAS_FILE_UNREADABLE, the signal's reason
 */
export async function fetchTableSource(
  source: TableSource,
  folder: string,
  command: string,
  settings: SourceFetchSettings,
): Promise<FetchedSource> {
  const { file, unpack } = source;
  const input = unpack === undefined ? path.join(folder, file.name) : folder;
  const kept = await keptFiles(folder, unpack ?? [file.name], settings.signal);
  if (kept !== null) return { input, files: kept };
  const fetched = await ensureFile(source, folder, command, settings);
  if (unpack === undefined) {
    recordFetched(folder, [fetched]);
    return { input, files: [fetched] };
  }
  settings.onStep(`unpacking ${file.name}`);
  const unpacked = await unpackZip(path.join(folder, file.name), unpack, settings.signal);
  const files = unpacked.map((one): FetchedFile => ({ ...one, came: "unpacked" }));
  recordFetched(folder, files);
  return { input, files };
}
