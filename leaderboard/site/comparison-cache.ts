import { existsSync, readFileSync } from "node:fs";
import { type Comparisons, compareAll, type PairComparison } from "../../core/statistics/distinction.ts";
import { replaceFile } from "./page-files.ts";

/** Raised when comparisons are made otherwise: what was kept before is then of no use. */
const FORMAT = 1;

/** Fewest samples whose comparisons are worth keeping: fewer are compared anew in no time. */
const FEWEST_KEPT = 50;

/** Position of a pair (first < second) among all pairs of `count` samples. */
const pairAt = (first: number, second: number, count: number) =>
  first * count - (first * (first + 1)) / 2 + (second - first - 1);

/** Comparisons of an earlier build: names of the samples, and p-value and superiority of each pair. */
interface Kept {
  readonly names: readonly string[];
  readonly pairs: Float64Array;
}

/** The head is one line of JSON, padded so that numbers of eight bytes follow. */
function readKept(file: string): Kept | null {
  if (!existsSync(file)) return null;
  const bytes = readFileSync(file);
  const end = bytes.indexOf(10) + 1;
  try {
    const { format, names } = JSON.parse(bytes.subarray(0, end).toString("utf8")) as {
      format: number;
      names: string[];
    };
    const pairs = new Float64Array(bytes.buffer.slice(bytes.byteOffset + end, bytes.byteOffset + bytes.length));
    return format === FORMAT && pairs.length === names.length * (names.length - 1) ? { names, pairs } : null;
  } catch {
    // A damaged file: all pairs are compared anew.
    return null;
  }
}

function writeKept(file: string, names: readonly string[], pairs: Float64Array): void {
  const head = Buffer.from(`${JSON.stringify({ format: FORMAT, names })}\n`, "utf8");
  replaceFile(file, Buffer.concat([head, Buffer.from(pairs.buffer)]));
}

/** {@link compareAll} that looks pairs up which an earlier build compared. @throws NAS_WRITE_FAILED */
export function compareWithCache(
  file: string,
  samples: readonly (readonly number[])[],
  names: readonly string[],
): Comparisons {
  const count = samples.length;
  if (count < FEWEST_KEPT) return compareAll(samples);
  const kept = readKept(file);
  const positions = new Map(kept?.names.map((name, at) => [name, at]));
  const places = names.map((name) => positions.get(name) ?? -1);
  const isSame = kept !== null && kept.names.length === count && places.every((place, at) => place === at);
  const pairs = isSame ? kept.pairs : new Float64Array(count * (count - 1));
  const known = (first: number, second: number): PairComparison | null => {
    const [one, two] = [places[first] as number, places[second] as number];
    if (kept === null || one < 0 || two < 0 || one === two) return null;
    const at = 2 * pairAt(Math.min(one, two), Math.max(one, two), kept.names.length);
    const superiority = kept.pairs[at + 1] as number;
    return { p: kept.pairs[at] as number, superiority: one < two ? superiority : 1 - superiority };
  };
  const comparisons = compareAll(samples, known, ({ p, superiority }, first, second) => {
    const at = 2 * pairAt(first, second, count);
    pairs[at] = p;
    pairs[at + 1] = superiority;
  });
  if (!isSame) writeKept(file, names, pairs);
  return comparisons;
}
