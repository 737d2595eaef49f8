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

/**
 * SHA-256 over the search view's content: datasets and recipes by name, then trials, then each column's name, epochs,
 * values (little-endian float32) and availability. File bytes, other views and the card do not count, so a table that was
 * written by another Arrow library has the same hash.
 */
export function searchContentHash(contents: readonly SearchContent[]): string {
  const hash = createHash("sha256");
  updateText(hash, "nas-harness search view 1");
  const key = (content: SearchContent) => `${content.dataset}/${content.recipe}`;
  for (const content of [...contents].sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0))) {
    updateText(hash, key(content));
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
  return hash.digest("hex");
}
