import { createHash } from "node:crypto";
import { statSync } from "node:fs";
import path from "node:path";
import type { SourceFile } from "../../../schemas/generated/table-card.ts";
import { digestsOfFile } from "../../downloads/file-digest.ts";
import { HarnessError } from "../../errors/harness-error.ts";
import { readFailure } from "../../files/json-file.ts";
import type { ImportSource, UnitSource } from "./import-source.ts";
import { compareWithName, type NameChecksum } from "./name-checksum.ts";
import type { Piece } from "./piece-file.ts";

/** What is known of an import's inputs. */
export interface DescribedInputs {
  /** For the card's provenance. */
  readonly sources: (pieces: readonly Piece[]) => SourceFile[];
  readonly checksum: NameChecksum | null;
}

/** Name, size and time of the last change of a file, as text. @throws NAS_FILE_NOT_FOUND, NAS_FILE_UNREADABLE */
function stateOf(file: string): string {
  try {
    const { size, mtimeNs } = statSync(file, { bigint: true });
    return `${path.basename(file)} ${size} ${mtimeNs}`;
  } catch (cause) {
    throw readFailure(file, cause);
  }
}

function filesOf(source: ImportSource): readonly string[] {
  if (source.kind === "stream") return source.files;
  return source.isArchive ? [source.path] : source.units.map(({ file }) => file);
}

/**
 * What identifies an import's inputs: names, sizes and modification times of all files. Not their content, which would have to
 * be read whole before the first piece could be used again.
 * @throws NAS_FILE_NOT_FOUND, NAS_FILE_UNREADABLE
 */
export function inputsKey(source: ImportSource): string {
  const hash = createHash("sha256").update(source.kind);
  for (const file of filesOf(source)) hash.update(`${stateOf(file)}\n`);
  return hash.digest("hex");
}

/** @throws NAS_IMPORT if a file is not what it was when the import began */
export function requireUnchanged(source: ImportSource, inputs: string): void {
  if (inputsKey(source) === inputs) return;
  throw new HarnessError("NAS_IMPORT", {
    what: "the files were changed while they were imported",
    where: source.kind === "units" ? source.path : source.files.join(", "),
    next: "run the command again when nothing writes to them any more",
  });
}

/** A folder's files as one source: the SHA-256 is of what `sha256sum` prints for them in ascending order of their names. */
function folderSource({ path: folder, units }: UnitSource, hashes: readonly string[]): SourceFile {
  const lines = units.map(({ name }, at) => ({ name, line: `${hashes[at]}  ${name}\n` }));
  lines.sort((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)));
  const digest = createHash("sha256");
  for (const { line } of lines) digest.update(line);
  return {
    file: `${path.basename(folder)}/`,
    sha256: digest.digest("hex"),
    bytes: units.reduce((sum, { bytes }) => sum + bytes, 0),
    files: units.length,
  };
}

/**
 * Reads the checksums of files that hold everything, and compares them with those in their names. The files of a folder are
 * hashed while they are read.
 * @throws NAS_IMPORT if a file is not the one that its name says; NAS_FILE_NOT_FOUND, NAS_FILE_UNREADABLE, the signal's reason
 */
export async function describeInputs(
  source: ImportSource,
  onProgress: (done: number, total: number) => void,
  signal: AbortSignal = new AbortController().signal,
): Promise<DescribedInputs> {
  if (source.kind === "units" && !source.isArchive) {
    const hashesOf = (pieces: readonly Piece[]) => pieces.flatMap(({ header }) => header.unitSha256);
    return { sources: (pieces) => [folderSource(source, hashesOf(pieces))], checksum: null };
  }
  const files = filesOf(source);
  const sources: SourceFile[] = [];
  let checksum: NameChecksum | null = null;
  for (const [at, file] of files.entries()) {
    onProgress(at, files.length);
    const digests = await digestsOfFile(file, signal);
    checksum ??= compareWithName(file, digests);
    sources.push({ file: path.basename(file), sha256: digests.sha256, bytes: Number(statSync(file).size) });
  }
  onProgress(files.length, files.length);
  return { sources: () => sources, checksum };
}

/**
 * An import's inputs as the table's card would name them, read now.
 * @throws as {@link describeInputs}
 */
export async function readSources(source: ImportSource, signal: AbortSignal): Promise<SourceFile[]> {
  if (source.kind === "stream" || source.isArchive) return (await describeInputs(source, () => {}, signal)).sources([]);
  const hashes: string[] = [];
  for (const { file } of source.units) hashes.push((await digestsOfFile(file, signal)).sha256);
  return [folderSource(source, hashes)];
}
