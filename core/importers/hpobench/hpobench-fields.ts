import type { MetricName } from "../../tables/column.ts";
import { OFFICIAL_SPLITS } from "../official/official-splits.ts";
import type { OfficialDataset } from "../official-trial.ts";

const MS_PER_SECOND = 1000;
const EPOCH = /^(?:0|[1-9]\d{0,5})$/;

/** What a field of a trial holds: the end of its metrics' names, and what a value times this is in the table's unit. */
interface Field {
  readonly ending: "Accuracy" | "Loss" | "Ms";
  readonly scale: number;
  readonly evaluated: boolean;
}

/** The fields of a trial that are read; each trial has all of them. */
export const HPOBENCH_FIELDS: Readonly<Record<string, Field>> = {
  train_acc1es: { ending: "Accuracy", scale: 1, evaluated: false },
  train_losses: { ending: "Loss", scale: 1, evaluated: false },
  train_times: { ending: "Ms", scale: MS_PER_SECOND, evaluated: false },
  eval_acc1es: { ending: "Accuracy", scale: 1, evaluated: true },
  eval_losses: { ending: "Loss", scale: 1, evaluated: true },
  eval_times: { ending: "Ms", scale: MS_PER_SECOND, evaluated: true },
};

/** Where a value of a file belongs. */
export interface ValuePlace {
  readonly metric: MetricName;
  /** From 1. */
  readonly epoch: number;
  /** The value times this is in the table's unit. */
  readonly scale: number;
}

/** What the keys of a field may be, in words. */
export function allowedKeys(field: string, dataset: OfficialDataset, epochs: number): string {
  const range = `0 to ${epochs - 1}`;
  if (!(HPOBENCH_FIELDS[field] as Field).evaluated) return `an epoch from ${range}`;
  return Object.keys(OFFICIAL_SPLITS[dataset])
    .map((split) => `${split}@${range}`)
    .join(", ");
}

/** What a key of a field stands for: an epoch counted from 0, or a split, @ and the epoch; null if it is neither. */
export function placeOfKey(field: string, key: string, dataset: OfficialDataset, epochs: number): ValuePlace | null {
  const { ending, scale, evaluated } = HPOBENCH_FIELDS[field] as Field;
  const at = evaluated ? key.lastIndexOf("@") : -1;
  const splits = OFFICIAL_SPLITS[dataset];
  const name = key.slice(0, Math.max(at, 0));
  const split = evaluated ? (Object.hasOwn(splits, name) ? splits[name] : undefined) : "train";
  const text = key.slice(at + 1);
  if (split === undefined || (evaluated && at < 0) || !EPOCH.test(text) || Number(text) >= epochs) return null;
  return { metric: `${split}${ending}`, epoch: Number(text) + 1, scale };
}
