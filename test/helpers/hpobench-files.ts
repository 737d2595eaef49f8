import { writeFileSync } from "node:fs";
import path from "node:path";
import { formatArchitecture } from "../../core/space/codec.ts";

/** One trial in HPOBench's form: field, then epoch or split@epoch, then value. */
export type HpobenchTrial = Record<string, Record<string, number>>;

/** A document of HPOBench's: seed, then architecture string. */
export type HpobenchContent = Record<string, Record<string, HpobenchTrial>>;

/** The name that HPOBench gives to a dataset's file. */
export const hpobenchName = (dataset: string) => `NAS-Bench-201-v1_1-096897_${dataset}.json`;

/** A made-up value, different for each key; the same at every call. */
function madeUp(...key: readonly number[]): number {
  const mixed = key.reduce((sum, part, at) => sum + part * [1.37, 0.731, 0.0193][at % 3]!, 0);
  return Number((mixed % 90).toFixed(9));
}

/** Which evaluation splits have every epoch; the others have the last one only, but their times have every epoch. */
const EVERY_EPOCH: Readonly<Record<string, string>> = {
  "cifar10-valid": "x-valid",
  cifar100: "ori-test",
  "ImageNet16-120": "ori-test",
};
const LAST_EPOCH: Readonly<Record<string, readonly string[]>> = {
  "cifar10-valid": ["ori-test"],
  cifar100: ["x-valid", "x-test"],
  "ImageNet16-120": ["x-valid", "x-test"],
};

/** A made-up trial with the keys that the official files have at 200 epochs. */
export function hpobenchTrial(dataset: string, architecture: number, seed: number): HpobenchTrial {
  const epochs = Array.from({ length: 200 }, (_, epoch) => epoch);
  const every = EVERY_EPOCH[dataset] as string;
  const last = LAST_EPOCH[dataset] as readonly string[];
  const series = (salt: number, name: (epoch: number) => string) =>
    epochs.map((epoch): [string, number] => [name(epoch), madeUp(architecture + salt * 17, seed, epoch)]);
  const evaluated = (salt: number) =>
    Object.fromEntries([
      ...series(salt, (epoch) => `${every}@${epoch}`),
      ...last.map((split, at): [string, number] => [`${split}@199`, madeUp(architecture, seed, salt + at + 300)]),
    ]);
  return {
    train_acc1es: Object.fromEntries(series(1, String)),
    train_losses: Object.fromEntries(series(2, String)),
    train_times: Object.fromEntries(series(3, String)),
    eval_acc1es: evaluated(4),
    eval_losses: evaluated(5),
    eval_times: Object.fromEntries(
      [every, ...last].flatMap((split, at) => series(6 + at, (epoch) => `${split}@${epoch}`)),
    ),
  };
}

/** A made-up document of some architectures with seeds 777, 888 and 999. */
export function hpobenchContent(dataset: string, architectures: readonly number[]): HpobenchContent {
  return Object.fromEntries(
    [777, 888, 999].map((seed) => [
      String(seed),
      Object.fromEntries(
        architectures.map((architecture) => [
          formatArchitecture(architecture),
          hpobenchTrial(dataset, architecture, seed),
        ]),
      ),
    ]),
  );
}

/** Writes a document as Python's json module does (a space after commas and colons) and returns its path. */
export function writeHpobench(folder: string, dataset: string, content: HpobenchContent): string {
  const file = path.join(folder, hpobenchName(dataset));
  writeFileSync(file, JSON.stringify(content).replaceAll('":', '": ').replaceAll(",", ", "));
  return file;
}
