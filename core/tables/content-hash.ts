import { createHash, type Hash } from "node:crypto";
import type { TrialTable } from "./column.ts";

/** The search view of one (dataset, recipe). */
export interface SearchContent {
  readonly dataset: string;
  readonly recipe: string;
  readonly table: TrialTable;
}

function updateText(hash: Hash, text: string): void {
  // The length first, so that two texts can't run into one another.
  hash.update(`${text.length}:${text}`);
}

function updateNumbers(hash: Hash, values: Float32Array | Uint16Array | Uint8Array): void {
  hash.update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
}

/** Float32 values with zeros where nothing is recorded: what stands under a null must not count. */
function recordedValues(values: Float32Array, recorded: Uint8Array | null): Float32Array {
  return recorded === null ? values : values.map((value, at) => (recorded[at] === 0 ? 0 : value));
}

/** By which contents are ordered in the hash. */
export function contentKey({ dataset, recipe }: Pick<SearchContent, "dataset" | "recipe">): string {
  return `${dataset}/${recipe}`;
}

/**
 * SHA-256 over the search view's content: datasets and recipes by name, then trials, then each column's name, epochs,
 * values (little-endian float32) and availability. File bytes, other views and the card do not count, so a table that was
 * written by another Arrow library has the same hash. Takes one content at a time, so that a large table need not be held.
 */
export class SearchContentHash {
  readonly #hash = createHash("sha256");
  #last = "";

  constructor() {
    updateText(this.#hash, "nas-harness search view 1");
  }

  /** Adds a content. @throws Error if its {@link contentKey} is not above that of the one before: a defect of the caller */
  add(content: SearchContent): void {
    const key = contentKey(content);
    if (key <= this.#last) throw new Error(`content ${key} after ${this.#last}`);
    this.#last = key;
    const hash = this.#hash;
    updateText(hash, key);
    const { rows, columns } = content.table;
    updateNumbers(hash, rows.architecture);
    updateText(hash, JSON.stringify(rows.trialSeed));
    updateText(hash, JSON.stringify(rows.aggregatedSeeds));
    if (rows.weightsSha256 !== undefined) updateText(hash, JSON.stringify(rows.weightsSha256));
    for (const column of columns) {
      updateText(hash, JSON.stringify([column.name, column.epochs]));
      // Flags that are all set say the same as none; a file that is read back has none then.
      const recorded = column.recorded?.includes(0) ? column.recorded : null;
      updateNumbers(hash, recordedValues(column.values, recorded));
      updateNumbers(hash, recorded ?? Uint8Array.of(1));
    }
  }

  /** The hash of what was added, in hexadecimal; the last call. */
  digest(): string {
    return this.#hash.digest("hex");
  }
}

/** {@link SearchContentHash} of contents in any order. */
export function searchContentHash(contents: readonly SearchContent[]): string {
  const hash = new SearchContentHash();
  for (const content of [...contents].sort((a, b) => (contentKey(a) < contentKey(b) ? -1 : 1))) hash.add(content);
  return hash.digest();
}
