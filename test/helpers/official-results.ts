import { formatArchitecture } from "../../core/space/codec.ts";
import { ARCHITECTURE_COUNT } from "../../core/space/operations.ts";
import { Float, OrderedDict, type Picklable, Scalar, Tuple } from "./pickle-writer.ts";

type Dict = Map<Picklable, Picklable>;
const dict = (entries: Record<string, Picklable>): Dict => new Map(Object.entries(entries));

/** Splits that an official file records for a dataset. */
const SPLITS: Readonly<Record<string, readonly string[]>> = {
  "cifar10-valid": ["x-valid", "ori-test"],
  cifar10: ["ori-test"],
  cifar100: ["x-valid", "x-test", "ori-test"],
  "ImageNet16-120": ["x-valid", "x-test", "ori-test"],
};

/** A value that tells its architecture, dataset, seed, series and epoch apart from all others. */
export function madeUpValue(architecture: number, seed: number, series: number, epoch: number): number {
  return ((((architecture * 31 + seed) * 17 + series) * 13 + epoch) % 99) + 0.125 * series + 0.001 * epoch;
}

const byEpoch = (epochs: number, value: (epoch: number) => number): Dict =>
  new Map(Array.from({ length: epochs }, (_, epoch) => [epoch, new Float(value(epoch))]));

/** A ResultsCount dict. */
export function resultsCount(architecture: number, dataset: string, seed: number, epochs: number): Dict {
  const value = (series: number) => (epoch: number) => madeUpValue(architecture, seed, series, epoch);
  const evaluated = (series: number): Dict =>
    new Map(
      SPLITS[dataset]!.flatMap((split, at) =>
        Array.from({ length: epochs }, (_, epoch): [string, Picklable] => [
          `${split}@${epoch}`,
          new Float(value(series + at)(epoch)),
        ]),
      ),
    );
  return dict({
    name: dataset,
    net_state_dict: null,
    train_acc1es: byEpoch(epochs, value(0)),
    train_acc5es: epochs === 12 ? byEpoch(epochs, value(1)) : null,
    train_losses: byEpoch(epochs, value(2)),
    train_times: byEpoch(epochs, value(3)),
    arch_config: dict({ channel: 16, num_cells: 5, arch_str: formatArchitecture(architecture), class_num: 10 }),
    params: new Scalar(0.5 + architecture / 1e4),
    flop: new Float(20.5),
    seed: `0${seed}`,
    epochs,
    latency: [new Float(0.0139)],
    eval_names: [...SPLITS[dataset]!],
    eval_acc1es: evaluated(4),
    eval_losses: evaluated(7),
    eval_times: evaluated(10),
  });
}

/** An ArchResults dict with these seeds. */
export function archResults(architecture: number, epochs: number, seeds: Record<string, readonly number[]>): Dict {
  const trials = Object.entries(seeds).flatMap(([dataset, list]) =>
    list.map((seed): [Picklable, Picklable] => [
      new Tuple(dataset, seed),
      resultsCount(architecture, dataset, seed, epochs),
    ]),
  );
  return dict({
    arch_index: architecture,
    arch_str: formatArchitecture(architecture),
    all_results: new Map(trials),
    dataset_seed: dict(Object.fromEntries(Object.entries(seeds).map(([dataset, list]) => [dataset, [...list]]))),
    clear_net_done: true,
  });
}

/** Some seeds at 12 epochs, as official files have them. */
export const SOME_SEEDS: Readonly<Record<string, readonly number[]>> = { "cifar10-valid": [111, 777], cifar100: [111] };

/** An architecture's value, as NATS-Bench or (`less`) NAS-Bench-201 have it. */
export function architectureValue(architecture: number, recipe: "12" | "less", seeds = SOME_SEEDS): OrderedDict | Dict {
  const results = archResults(architecture, 12, seeds);
  return recipe === "12" ? new OrderedDict([["12", results]]) : dict({ less: results });
}

/** All architecture strings, the content of `meta_archs`. */
export const allArchitectures = (): string[] =>
  Array.from({ length: ARCHITECTURE_COUNT }, (_, architecture) => formatArchitecture(architecture));

/** The outermost dict of a file with these architectures. */
export function wholeValue(architectures: readonly (readonly [number, Picklable])[]): Dict {
  return dict({
    meta_archs: allArchitectures(),
    total_archs: ARCHITECTURE_COUNT,
    arch2infos: new Map(architectures),
    evaluated_indexes: new Set(architectures.map(([architecture]) => architecture)),
  });
}
