import type { PickleDict, PickleValue } from "../../files/pickle/pickle-values.ts";
import type { EpochSeries } from "../official-trial.ts";
import { type OfficialPlace, shown } from "./official-place.ts";

/** What a series holds, and how: accuracies in percent, losses in nats, seconds that become ms. */
export type SeriesKind = "accuracy" | "loss" | "seconds";

/** Rounding may put the mean of 25,000 right answers a hair above 100 %. */
const HIGHEST_ACCURACY = 100.001;
const MS_PER_SECOND = 1000;

const ALLOWED: Readonly<Record<SeriesKind, string>> = {
  accuracy: "percent from 0 to 100",
  loss: "a number; nan and inf of trainings that diverged are taken",
  seconds: "seconds from 0 on",
};

function isOfKind(value: PickleValue, kind: SeriesKind): value is number {
  if (typeof value !== "number") return false;
  if (kind === "loss") return true;
  return value >= 0 && (kind === "accuracy" ? value <= HIGHEST_ACCURACY : Number.isFinite(value));
}

/** A series of one trial that is being filled, in any order of epochs. */
class SeriesBuilder {
  readonly #values: Float64Array;
  readonly #recorded: Uint8Array;
  #count = 0;

  constructor(epochs: number) {
    this.#values = new Float64Array(epochs);
    this.#recorded = new Uint8Array(epochs);
  }

  /** @returns false if this epoch is there already */
  add(epoch: number, value: number): boolean {
    if (this.#recorded[epoch] === 1) return false;
    this.#values[epoch] = value;
    this.#recorded[epoch] = 1;
    this.#count++;
    return true;
  }

  /** Null if no epoch is recorded. */
  series(): EpochSeries | null {
    if (this.#count === 0) return null;
    return { values: this.#values, recorded: this.#count === this.#values.length ? null : this.#recorded };
  }
}

/** Where a key of an official series points: epochs count from 0. */
interface SeriesKey {
  readonly split: string;
  readonly epoch: number;
}

/** Keys 'split@epoch' as read before: there are few hundred different ones. */
const parsedKeys = new Map<string, SeriesKey | null>();
const MOST_PARSED = 4096;

function parseKey(text: string): SeriesKey | null {
  const known = parsedKeys.get(text);
  if (known !== undefined) return known;
  const match = /^(.+)@(0|[1-9]\d{0,5})$/.exec(text);
  const key = match === null ? null : { split: match[1] as string, epoch: Number(match[2]) };
  if (parsedKeys.size < MOST_PARSED) parsedKeys.set(text, key);
  return key;
}

/** Reads the dicts by epoch of one trial. */
export class SeriesReader {
  readonly #epochs: number;

  /** @param epochs of the whole schedule */
  constructor(epochs: number) {
    this.#epochs = epochs;
  }

  /** A dict epoch -> value. @returns null if it is empty @throws NAS_OFFICIAL_FILE */
  byEpoch(dict: PickleDict, kind: SeriesKind, place: OfficialPlace): EpochSeries | null {
    const builder = new SeriesBuilder(this.#epochs);
    for (let at = 0; at < dict.keys.length; at++)
      this.#add(builder, dict.keys[at], dict.keys[at], dict.values[at] as PickleValue, kind, place);
    return builder.series();
  }

  /**
   * A dict 'split@epoch' -> value.
   * @returns by split; each of `splits` that has a value
   * @throws NAS_OFFICIAL_FILE, also for a split that is none of `splits`
   */
  bySplit(
    dict: PickleDict,
    kind: SeriesKind,
    splits: readonly string[],
    place: OfficialPlace,
  ): Map<string, EpochSeries> {
    const builders = new Map(splits.map((split) => [split, new SeriesBuilder(this.#epochs)]));
    for (let at = 0; at < dict.keys.length; at++) {
      const name = dict.keys[at];
      const key = typeof name === "string" ? parseKey(name) : null;
      const builder = builders.get(key?.split ?? "");
      if (key === null || builder === undefined)
        throw place.fault(`there is the key ${shown(name)}`, `${splits.map((split) => `'${split}@…'`).join(", ")}`);
      this.#add(builder, key.epoch, name, dict.values[at] as PickleValue, kind, place);
    }
    const series = new Map<string, EpochSeries>();
    for (const [split, builder] of builders) {
      const filled = builder.series();
      if (filled !== null) series.set(split, filled);
    }
    return series;
  }

  #add(
    builder: SeriesBuilder,
    epoch: PickleValue | undefined,
    key: PickleValue | undefined,
    value: PickleValue,
    kind: SeriesKind,
    place: OfficialPlace,
  ): void {
    if (!Number.isInteger(epoch) || (epoch as number) < 0 || (epoch as number) >= this.#epochs)
      throw place.fault(`there is the epoch ${shown(key)}`, `0 to ${this.#epochs - 1}`);
    if (!isOfKind(value, kind)) throw place.fault(`the value at ${shown(key)} is ${shown(value)}`, ALLOWED[kind]);
    if (!builder.add(epoch as number, kind === "seconds" ? value * MS_PER_SECOND : value))
      throw place.fault(`the epoch ${shown(key)} is there twice`);
  }
}
