import { spawnSync } from "node:child_process";
import { rmSync, statSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { readOfficial } from "../../core/importers/official/official-source.ts";
import type { EpochSeries } from "../../core/importers/official-trial.ts";
import { measuredProcess } from "../helpers/peak-memory.ts";
import { REPOSITORY } from "../helpers/shared-data.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";

/** Debian's own interpreter, for which python3-torch is made. */
const PYTHON = "/usr/bin/python3";
const hasTorch = spawnSync(PYTHON, ["-c", "import torch"]).status === 0;
const needsTorch = (title: string) => (hasTorch ? title : `${title} (needs Debian's python3-torch, not found)`);

/**
 * Writes a file like NAS-Bench-201's with torch.save: words are file, whether as zip, architectures, bytes of padding for
 * each. The architectures come from a generator, so that Python never holds them all: pickle asks an object's __reduce__
 * for an iterator of entries.
 */
const SCRIPT = `
import collections, random, sys, torch
file, is_zip, count, padding = sys.argv[1], sys.argv[2] == "zip", int(sys.argv[3]), int(sys.argv[4])
operations = ["none", "skip_connect", "nor_conv_1x1", "nor_conv_3x3", "avg_pool_3x3"]
codes = list(range(15625))
random.seed(88)
random.shuffle(codes)
def text(code):
    a, b, c, d, e, f = [operations[code // 5 ** place % 5] for place in range(5, -1, -1)]
    return f"|{a}~0|+|{b}~0|{c}~1|+|{d}~0|{e}~1|{f}~2|"
archs = [text(code) for code in codes]
splits = {"cifar10-valid": ["x-valid", "ori-test"], "cifar10": ["ori-test"], "cifar100": ["ori-test"]}
def result(index, dataset, seed, epochs):
    value = lambda series: {epoch: (index + seed + epoch) % 97 + series / 8 for epoch in range(epochs)}
    evaluated = lambda series: {f"{s}@{e}": v for s in splits[dataset] for e, v in value(series).items()}
    return {"name": dataset, "net_state_dict": None, "train_acc1es": value(0), "train_acc5es": None,
            "train_losses": value(1), "train_times": value(2), "arch_config": {"channel": 16}, "params": 0.5,
            "flop": 20.5, "seed": seed, "epochs": epochs, "latency": [0.01], "eval_names": splits[dataset],
            "eval_acc1es": evaluated(3), "eval_losses": evaluated(4), "eval_times": evaluated(5)}
def results(index, epochs, seeds):
    return {"arch_index": index, "arch_str": archs[index], "clear_net_done": True, "dataset_seed": seeds,
            "all_results": {(d, s): result(index, d, s, epochs) for d, list_ in seeds.items() for s in list_},
            "padding": ("%08d" % index) * (padding // 8)}
class Streamed:
    def __reduce__(self):
        entries = ((i, {"less": results(i, 12, {"cifar10-valid": [111, 777]}),
                        "full": results(i, 200, {"cifar10": [777], "cifar100": [777, 888]})}) for i in range(count))
        return (collections.OrderedDict, (), None, None, entries)
torch.save({"meta_archs": archs, "total_archs": 15625, "arch2infos": Streamed() if count > 10 else
            {i: {"less": results(i, 12, {"cifar10-valid": [111, 777]}),
                 "full": results(i, 200, {"cifar10": [777], "cifar100": [777, 888]})} for i in range(count)},
            "evaluated_indexes": set(range(count))}, file, _use_new_zipfile_serialization=is_zip)
`;

function write(file: string, container: "zip" | "legacy", count: number, padding: number): void {
  const words = [file, container, count, padding].map(String);
  const { status, stderr } = spawnSync(PYTHON, ["-c", SCRIPT, ...words], { encoding: "utf8" });
  if (status !== 0) throw new Error(`python3 failed: ${stderr}`);
}

describe.skipIf(!hasTorch)(needsTorch("files that torch.save wrote"), () => {
  test.each(["legacy", "zip"] as const)("in the %s container give every value", async (container) => {
    const file = path.join(temporaryFolder(), "small.pth");
    write(file, container, 3, 8);
    let index = 0;
    for await (const batch of readOfficial(file)) {
      expect(batch.map(({ recipe, dataset, seed }) => [recipe, dataset, seed])).toEqual([
        ["12-epochs", "cifar10-valid", 111],
        ["12-epochs", "cifar10-valid", 777],
        ["200-epochs", "cifar10", 777],
        ["200-epochs", "cifar100", 777],
        ["200-epochs", "cifar100", 888],
      ]);
      const values = (epochs: number, seed: number, series: number) =>
        Array.from({ length: epochs }, (_, epoch) => ((index + seed + epoch) % 97) + series / 8);
      for (const { epochs, seed, metrics, dataset } of batch) {
        const metric = dataset === "cifar100" ? "valtestLoss" : "testLoss";
        expect([...(metrics.get(metric) as EpochSeries).values]).toEqual(values(epochs, seed, 4));
        expect([...(metrics.get("trainAccuracy") as EpochSeries).values]).toEqual(values(epochs, seed, 0));
        expect(metrics.get("megaFlops")).toBe(20.5);
      }
      index++;
    }
    expect(index).toBe(3);
  });

  test("of more than 2.5 GB are read in less than 1 GB of memory", () => {
    const file = path.join(temporaryFolder(), "large.pth");
    write(file, "zip", 140, 19_000_000);
    expect(statSync(file).size).toBeGreaterThan(2.5e9);
    const { output, peakMiB } = measuredProcess(`
      import { readOfficial } from ${JSON.stringify(path.join(REPOSITORY, "core/importers/official/official-source.ts"))};
      const read = [];
      for await (const [first] of readOfficial(${JSON.stringify(file)})) read.push(first.architecture);
      process.stdout.write(JSON.stringify(read));
    `);
    rmSync(file);
    expect(JSON.parse(output)).toEqual(Array.from({ length: 140 }, (_, index) => index));
    expect(peakMiB).toBeLessThan(1000);
    process.stderr.write(`peak of the reader: ${Math.round(peakMiB)} MiB\n`);
  });
});
