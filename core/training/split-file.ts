import path from "node:path";
import { HarnessError } from "../errors/harness-error.ts";
import { parseJson } from "../files/json-file.ts";
import { readRecordedFile } from "./recorded-file.ts";

/** What a part of a split file must be. */
export interface SplitPart {
  /** Number of its images. */
  readonly count: number;
  /** Its first entries, by which the published file is known. */
  readonly first: readonly number[];
}

/** What a split file must hold, by the names of its parts. */
export type SplitParts = Readonly<Record<string, SplitPart>>;

/** Positions of images by the names of the parts, in the file's order. */
export type SplitPositions = Readonly<Record<string, Uint32Array>>;

/** Entries of a part as numbers; null if it is no list of the form `["int", ["0", "5", ...]]`. */
function entriesOf(part: unknown): number[] | null {
  if (!Array.isArray(part) || part.length !== 2 || part[0] !== "int" || !Array.isArray(part[1])) return null;
  const isPosition = (entry: unknown) => /^\d{1,9}$/.test(String(entry)) && ["string", "number"].includes(typeof entry);
  return part[1].every(isPosition) ? part[1].map(Number) : null;
}

/** What is wrong with the parts, a sentence each: form, numbers, first entries, then whether they make up the whole. */
function splitFaults(document: unknown, parts: SplitParts): string[] {
  const given = typeof document === "object" && document !== null ? (document as Record<string, unknown>) : {};
  const owner = new Map<number, string>();
  const total = Object.values(parts).reduce((sum, { count }) => sum + count, 0);
  const faults: string[] = [];
  for (const [name, { count, first }] of Object.entries(parts)) {
    const entries = entriesOf(given[name]);
    if (entries === null) {
      faults.push(`${name} is not ["int", [positions]]`);
      continue;
    }
    if (entries.length !== count) faults.push(`${name} has ${entries.length} entries instead of ${count}`);
    if (first.some((value, at) => entries[at] !== value))
      faults.push(`${name} starts with ${entries.slice(0, first.length)} instead of ${first}`);
    const outside = entries.find((entry) => entry >= total);
    if (outside !== undefined) faults.push(`${name} names image ${outside}; there are ${total}`);
    const twice = entries.find((entry) => {
      const isTaken = owner.has(entry);
      if (!isTaken) owner.set(entry, name);
      return isTaken;
    });
    if (twice !== undefined) faults.push(`${name} names image ${twice}, which ${owner.get(twice)} has already`);
  }
  if (faults.length === 0 && owner.size !== total) faults.push(`${total - owner.size} images are in no part`);
  return faults;
}

/**
 * Parses a split file of the authors of NAS-Bench-201 (configs/nas-benchmark in AutoDL-Projects): an object of parts, each
 * `["int", ["0", "5", ...]]`. The parts must be disjoint and together name every image once.
 * @param file for errors
 * @throws NAS_JSON, NAS_IMAGES listing every fault
 */
export function parseSplitFile(text: string, file: string, parts: SplitParts, next: string): SplitPositions {
  const document = parseJson(text, file);
  const faults = splitFaults(document, parts);
  if (faults.length > 0)
    throw new HarnessError("NAS_IMAGES", {
      what: "this is not the authors' split file",
      where: [file, ...faults.map((fault) => `- ${fault}`)].join("\n"),
      allowed: Object.entries(parts)
        .map(([name, { count }]) => `${name}: ${count} images`)
        .join("; "),
      next,
    });
  const given = document as Record<string, unknown>;
  return Object.fromEntries(Object.keys(parts).map((name) => [name, Uint32Array.from(entriesOf(given[name]) ?? [])]));
}

/** A split file to read. */
export interface SplitFile {
  readonly folder: string;
  readonly file: string;
  /** What it must hold. */
  readonly parts: SplitParts;
  /** What to do if it is missing or another one than expected; for the error. */
  readonly next: string;
}

/** `parseSplitFile` of a file that `dataset fetch` has recorded. @throws NAS_IMAGES, NAS_JSON */
export function readSplitFile({ folder, file, parts, next }: SplitFile): SplitPositions {
  const text = Buffer.from(readRecordedFile(folder, file, next)).toString("utf8");
  return parseSplitFile(text, path.join(folder, file), parts, next);
}
