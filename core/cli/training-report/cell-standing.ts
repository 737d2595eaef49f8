import { meanAndStd } from "../../statistics/run-statistics.ts";

/** Values closer than a millionth of a percent are equal: the same mean read twice must not beat itself. */
const UNITS_PER_PERCENT = 1_000_000;

const unitsOf = (percent: number) => Math.round(percent * UNITS_PER_PERCENT);

/** Where accuracies stand among those of every cell of the space. */
export class CellStanding {
  /** Mean accuracy of a uniformly random cell, in percent, and its standard deviation (ddof 0). */
  readonly mean: number;
  readonly deviation: number;
  readonly #values: readonly number[];
  readonly #ascending: Float64Array;

  /** @param values mean accuracies in percent, shape [cells] */
  constructor(values: readonly number[]) {
    const { mean, std } = meanAndStd(values);
    this.mean = mean;
    this.deviation = std;
    this.#values = values;
    this.#ascending = Float64Array.from(values, unitsOf).sort();
  }

  /** Mean accuracy of a cell in percent. */
  valueOf(cell: number): number {
    return this.#values[cell] as number;
  }

  /** Share (0 to 1) of the cells whose accuracy is lower than this one, in percent; equal cells are not beaten. */
  shareBeaten(percent: number): number {
    const units = unitsOf(percent);
    let [low, high] = [0, this.#ascending.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#ascending[middle] as number) < units) low = middle + 1;
      else high = middle;
    }
    return low / this.#ascending.length;
  }

  /** The cells with the highest accuracies, as positions in the values; of equals the first. */
  best(count: number): number[] {
    const value = (cell: number) => unitsOf(this.#values[cell] as number);
    return Array.from(this.#values.keys())
      .sort((a, b) => value(b) - value(a) || a - b)
      .slice(0, count);
  }
}
