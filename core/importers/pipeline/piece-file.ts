import { createHash } from "node:crypto";
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { decodeTrials, encodeTrials } from "../../tables/arrow-file.ts";
import type { MetricColumn, MetricName, TrialTable, View } from "../../tables/column.ts";
import type { OfficialDataset } from "../official-trial.ts";
import type { CollectedFacts, TrialCollector } from "./trial-collector.ts";

/** Version of the layout and of what is collected: pieces of another one are made again. */
const FORMAT = "nas-harness-piece-1";
const LONGEST_FIRST_LINE = 200;

/** One view of one (dataset, recipe) inside a piece. */
export interface PieceSection {
  readonly dataset: OfficialDataset;
  readonly recipe: string;
  /** Epochs of the whole schedule. */
  readonly epochs: number;
  readonly view: View;
  readonly columns: readonly { readonly name: MetricName; readonly epochs: MetricColumn["epochs"] }[];
  readonly rows: number;
  /** Where its Arrow file begins, counted from the end of the header. */
  readonly offset: number;
  readonly bytes: number;
  readonly sha256: string;
}

/** What a piece holds. */
export interface PieceHeader {
  /** Of the inputs that it was made from. */
  readonly inputs: string;
  /** First unit or batch, and the one after the last. */
  readonly from: number;
  readonly to: number;
  /** SHA-256 of each unit's bytes, in order; none for batches of a stream. */
  readonly unitSha256: readonly string[];
  readonly sections: readonly PieceSection[];
  readonly facts: CollectedFacts;
}

/** A piece on disk, known to be whole. */
export interface Piece {
  readonly file: string;
  readonly header: PieceHeader;
  /** Byte at which the first section begins. */
  readonly start: number;
}

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

/** The bytes of a piece. */
export function* encodePiece(
  collector: TrialCollector,
  origin: Pick<PieceHeader, "inputs" | "from" | "to" | "unitSha256">,
): Generator<Uint8Array> {
  const files: Uint8Array[] = [];
  let offset = 0;
  const sections = collector.views().map(({ table, ...place }): PieceSection => {
    const bytes = encodeTrials(table);
    files.push(bytes);
    const section = {
      ...place,
      columns: table.columns.map(({ name, epochs }) => ({ name, epochs })),
      rows: table.rows.architecture.length,
      offset,
      bytes: bytes.length,
      sha256: sha256(bytes),
    };
    offset += bytes.length;
    return section;
  });
  const header = Buffer.from(JSON.stringify({ ...origin, sections, facts: collector.facts() } satisfies PieceHeader));
  yield Buffer.from(`${FORMAT} ${header.length} ${sha256(header)}\n`);
  yield header;
  yield* files;
}

function readBytes(handle: number, offset: number, bytes: number): Buffer {
  const buffer = Buffer.alloc(bytes);
  let filled = 0;
  while (filled < bytes) {
    const read = readSync(handle, buffer, filled, bytes - filled, offset + filled);
    if (read === 0) break;
    filled += read;
  }
  return buffer.subarray(0, filled);
}

/** The bytes of a section, or null where they are not those that the header describes. */
function sectionBytes(handle: number, start: number, section: PieceSection): Buffer | null {
  const bytes = readBytes(handle, start + section.offset, section.bytes);
  return bytes.length === section.bytes && sha256(bytes) === section.sha256 ? bytes : null;
}

function withFile<Result>(file: string, use: (handle: number) => Result): Result {
  const handle = openSync(file, "r");
  try {
    return use(handle);
  } finally {
    closeSync(handle);
  }
}

/** Opens a piece and checks every byte of it; null if it is broken, of another format or not there. */
export function openPiece(file: string): Piece | null {
  try {
    return withFile(file, (handle) => {
      const beginning = readBytes(handle, 0, LONGEST_FIRST_LINE);
      const end = beginning.indexOf(10);
      const [format, length = "", hash] = beginning.subarray(0, Math.max(0, end)).toString("latin1").split(" ");
      const size = Number(length);
      if (format !== FORMAT || !Number.isSafeInteger(size) || size > fstatSync(handle).size) return null;
      const text = readBytes(handle, end + 1, size);
      if (sha256(text) !== hash) return null;
      const header = JSON.parse(text.toString("utf8")) as PieceHeader;
      const start = end + 1 + size;
      const whole = header.sections.every((section) => sectionBytes(handle, start, section) !== null);
      return whole ? { file, header, start } : null;
    });
  } catch {
    return null;
  }
}

/** The trials of a section; null where the file has changed since it was opened. */
export function readSection({ file, start }: Piece, section: PieceSection): TrialTable | null {
  const bytes = withFile(file, (handle) => sectionBytes(handle, start, section));
  return bytes === null
    ? null
    : decodeTrials(bytes, new Map(section.columns.map(({ name, epochs }) => [name, epochs] as const)));
}
