import { createHash } from "node:crypto";
import { chmodSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, test } from "vitest";
import { HarnessError } from "../../../core/errors/harness-error.ts";
import { Findings } from "../../../core/importers/findings.ts";
import { readNni } from "../../../core/importers/nni/nni-reader.ts";
import type { EpochSeries, OfficialTrial } from "../../../core/importers/official-trial.ts";
import { parseArchitecture } from "../../../core/space/codec.ts";
import type { MetricName } from "../../../core/tables/column.ts";
import { madeUpResult, type NniTrial, writeNniDatabase } from "../../helpers/nni-database.ts";
import { temporaryFolder } from "../../helpers/temporary-folder.ts";

/** Keys in another order than the edges have. */
const ARCH = {
  "2_3": "avg_pool_3x3",
  "0_1": "conv_1x1",
  "0_3": "none",
  "1_2": "skip_connect",
  "0_2": "conv_3x3",
  "1_3": "conv_3x3",
};
const CELL = parseArchitecture(
  "|nor_conv_1x1~0|+|nor_conv_3x3~0|skip_connect~1|+|none~0|nor_conv_3x3~1|avg_pool_3x3~2|",
);
const OTHER = { ...ARCH, "0_1": "none" };
const DATASETS = ["cifar10-valid", "cifar10", "cifar100", "imagenet16-120"];
const TRIALS: NniTrial[] = [ARCH, OTHER].flatMap((arch) =>
  DATASETS.flatMap((dataset) => [
    { arch, dataset, epochs: 12, seed: 111 },
    { arch, dataset, epochs: 200, seed: 777 },
  ]),
);

async function readAll(file: string, findings = new Findings()): Promise<(readonly OfficialTrial[])[]> {
  const batches: (readonly OfficialTrial[])[] = [];
  for await (const batch of readNni(file, findings)) batches.push(batch);
  return batches;
}

async function readOne(file: string, findings?: Findings): Promise<OfficialTrial> {
  return (await readAll(file, findings)).flat()[0] as OfficialTrial;
}

function written(trials: readonly NniTrial[], after = ""): string {
  const file = path.join(temporaryFolder(), "nasbench201.db");
  writeNniDatabase(file, trials, after);
  return file;
}

async function faultOf(file: string): Promise<HarnessError> {
  const thrown = await readAll(file).then(
    () => null,
    (error: unknown) => error,
  );
  expect(thrown).toBeInstanceOf(HarnessError);
  return thrown as HarnessError;
}

const ONE: NniTrial[] = [{ arch: ARCH, dataset: "cifar100", epochs: 12, seed: 111 }];
const SPLITS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "cifar10-valid": { train: "train", valid: "valid", test: "ori_test" },
  cifar10: { train: "train", test: "ori_test" },
  cifar100: { train: "train", valid: "valid", test: "test", valtest: "ori_test" },
  "imagenet16-120": { train: "train", valid: "valid", test: "test", valtest: "ori_test" },
};

describe("what the database holds", () => {
  test("every trial, split and epoch is found again in its place, and no other", async () => {
    const findings = new Findings();
    const batches = await readAll(written(TRIALS), findings);
    expect(findings.list()).toEqual([]);
    expect(batches.map((batch) => batch.length)).toEqual([8, 8]);
    const trials = batches.flat();
    expect(trials[0]?.architecture).toBe(CELL);
    trials.forEach((trial, at) => {
      const { dataset, epochs, seed } = TRIALS[at] as NniTrial;
      expect([trial.dataset, trial.recipe, trial.epochs, trial.seed]).toEqual([
        dataset,
        `${epochs}-epochs`,
        epochs,
        seed,
      ]);
      const splits = Object.entries(SPLITS[dataset] ?? {});
      expect([...trial.metrics.keys()].sort()).toEqual(
        [
          ...splits.flatMap(([split]) => [`${split}Accuracy`, `${split}Loss`, `${split}Ms`]),
          "latencyMs",
          "megaFlops",
          "megaParameters",
        ].sort(),
      );
      for (const [split, column] of splits) {
        for (const [ending, suffix] of [
          ["Accuracy", "acc"],
          ["Loss", "loss"],
        ] as const) {
          const { values, recorded } = trial.metrics.get(`${split}${ending}` as MetricName) as EpochSeries;
          expect(values[epochs - 1]).toBe(madeUpResult(at + 1, epochs, dataset, `${column}_${suffix}`));
          const isWhole = epochs === 12 || recorded === null;
          if (isWhole) expect(values[4]).toBe(madeUpResult(at + 1, 5, dataset, `${column}_${suffix}`));
          else expect(Array.from(recorded).indexOf(1)).toBe(199);
        }
      }
      expect(trial.metrics.get("trainMs")).toBe(4000);
      expect(trial.metrics.get("latencyMs")).toBe(62.5);
      expect(trial.metrics.get("megaParameters")).toBe(2.25 + at);
      expect(trial.metrics.get("testMs")).toBe(dataset.startsWith("cifar10-") || dataset === "cifar10" ? 1500 : 750);
    });
  });

  test("cifar10 has no validation split, although NNI fills one with the test set", async () => {
    const trial = await readOne(written([{ arch: ARCH, dataset: "cifar10", epochs: 200, seed: 777 }]));
    expect([...trial.metrics.keys()].filter((name) => name.startsWith("valid"))).toEqual([]);
  });

  test("rows may stand in any order; NULL is an absence; a lost last epoch is that of the trial's own row", async () => {
    const file = written(
      ONE,
      `UPDATE nb201intermediatestats SET train_loss = NULL WHERE current_epoch = 3;
       UPDATE nb201intermediatestats SET id = 1000 - id; DROP INDEX nb201intermediatestats_trial_id;
       DELETE FROM nb201intermediatestats WHERE current_epoch = 12;`,
    );
    const trial = await readOne(file);
    const { values, recorded } = trial.metrics.get("trainLoss") as EpochSeries;
    expect(Array.from(recorded ?? [])).toEqual([1, 1, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1]);
    expect(values[11]).toBe(madeUpResult(1, 12, "cifar100", "train_loss"));
  });

  test("a trial's own result that is not its last epoch's is reported, and the epoch's kept", async () => {
    const findings = new Findings();
    const trial = await readOne(written(ONE, "UPDATE nb201trialstats SET valid_acc = 5"), findings);
    const { values } = trial.metrics.get("validAccuracy") as EpochSeries;
    expect(values[11]).toBe(madeUpResult(1, 12, "cifar100", "valid_acc"));
    expect(findings.list()[0]?.examples).toEqual(["trial 1: valid_acc"]);
  });

  test("the user's file stays as it is, nothing is written beside it, and reading needs no right to write", async () => {
    const file = written(ONE, "PRAGMA journal_mode = WAL");
    const digest = () => createHash("sha256").update(readFileSync(file)).digest("hex");
    const before = digest();
    chmodSync(file, 0o444);
    chmodSync(path.dirname(file), 0o555);
    try {
      expect(await readAll(file)).toHaveLength(1);
      expect(digest()).toBe(before);
      expect(readdirSync(path.dirname(file))).toEqual(["nasbench201.db"]);
    } finally {
      chmodSync(path.dirname(file), 0o755);
    }
  });

  test("a path with characters that mean something in an address", async () => {
    const file = path.join(temporaryFolder(), "nas bench?#%41.db");
    writeNniDatabase(file, ONE);
    expect(await readAll(file)).toHaveLength(1);
  });
});

describe("databases that can't be read", () => {
  test.each([
    ["an empty file", "", "the file is empty"],
    ["text", "SQLite format 4", "the file is no SQLite database"],
    ["a page of a website", `<html>${"not found ".repeat(30)}</html>`, "the file is no SQLite database"],
  ])("%s", async (_, text, what) => {
    const file = path.join(temporaryFolder(), "nasbench201.db");
    writeFileSync(file, text);
    const { code, details } = await faultOf(file);
    expect([code, details.what, details.where]).toEqual(["NAS_BENCHMARK_FILE", what, file]);
  });

  test("one that is not there", async () => {
    expect((await faultOf(path.join(temporaryFolder(), "none.db"))).code).toBe("NAS_FILE_NOT_FOUND");
  });

  test("one that is cut off, wherever", async () => {
    const file = written(TRIALS.slice(0, 2));
    const bytes = readFileSync(file);
    for (let part = 1; part < 16; part++) {
      writeFileSync(file, bytes.subarray(0, Math.floor((bytes.length * part) / 16)));
      const { code, details } = await faultOf(file);
      expect(code).toBe("NAS_BENCHMARK_FILE");
      expect(details.what).toContain("truncated");
    }
  });

  test("one whose pages are overwritten is an error that names the file", async () => {
    const file = written(TRIALS.slice(0, 2));
    const bytes = readFileSync(file);
    bytes.fill(0x5a, 4096, bytes.length - 4096);
    writeFileSync(file, bytes);
    const { code, details } = await faultOf(file);
    expect([code, details.where]).toEqual(["NAS_BENCHMARK_FILE", file]);
    expect(details.what).toMatch(/^the database can't be read: /);
  });

  test("one that another program has open", async () => {
    const file = written(ONE);
    const other = new DatabaseSync(file);
    other.exec("PRAGMA journal_mode = WAL; UPDATE nb201trialstats SET seed = 112;");
    const { details } = await faultOf(file);
    other.close();
    expect(details.what).toContain(`is not in it yet but in ${file}-wal`);
  });

  test("all missing tables and columns are named at once", async () => {
    const { details } = await faultOf(
      written(ONE, "DROP TABLE nb201intermediatestats; ALTER TABLE nb201trialstats DROP COLUMN flops;"),
    );
    expect(details.where).toMatch(/\n- table nb201trialstats lacks flops\n- table nb201intermediatestats is missing$/);
  });

  test.each([
    [
      "UPDATE nb201trialstats SET valid_acc = 100.5",
      "a value is 100.5",
      "table nb201trialstats, id 1, column valid_acc",
    ],
    [
      "ALTER TABLE nb201trialstats RENAME seed TO old; ALTER TABLE nb201trialstats ADD seed INTEGER",
      "a value is null",
      "column seed",
    ],
    ["UPDATE nb201trialstats SET flops = 'many'", 'a value is "many"', "id 1, column flops"],
    ["UPDATE nb201trialstats SET training_time = -1", "a value is -1", "column training_time"],
    ["UPDATE nb201trialstats SET seed = -5", "a value is -5", "column seed"],
    [
      "UPDATE nb201trialstats SET config_id = 9",
      "a value is null",
      "table nb201trialconfig, id 9 (that of trial 1), column dataset",
    ],
    ["UPDATE nb201trialconfig SET dataset = 'ImageNet16-120'", 'a value is "ImageNet16-120"', "column dataset"],
    ["UPDATE nb201trialconfig SET num_epochs = 90", "a value is 90", "column num_epochs"],
    ["UPDATE nb201trialconfig SET num_cells = 3", "a value is 3", "column num_cells"],
    ["UPDATE nb201trialconfig SET arch = '{}'", 'a value is "{}"', "column arch"],
    ["UPDATE nb201trialconfig SET arch = replace(arch, 'conv_1x1', 'nor_conv_1x1')", "nor_conv_1x1", "column arch"],
    [
      "UPDATE nb201intermediatestats SET current_epoch = 0 WHERE current_epoch = 1",
      "a value is 0",
      "column current_epoch",
    ],
    [
      "UPDATE nb201intermediatestats SET current_epoch = 13 WHERE current_epoch = 1",
      "a value is 13",
      "trial_id 1, current_epoch 13",
    ],
    ["UPDATE nb201intermediatestats SET current_epoch = 2 WHERE current_epoch = 1", "", "one"],
    [
      "UPDATE nb201intermediatestats SET test_loss = x'00' WHERE current_epoch = 4",
      "a value is 0",
      "current_epoch 4, column test_loss",
    ],
    ["UPDATE nb201intermediatestats SET trial_id = 2 WHERE current_epoch = 4", "a value is 2", "column trial_id"],
    ["UPDATE nb201intermediatestats SET trial_id = 0 WHERE current_epoch = 4", "a value is 0", "column trial_id"],
  ])("%s", async (change, what, where) => {
    const { code, details } = await faultOf(written(ONE, change));
    expect(code).toBe("NAS_BENCHMARK_FILE");
    expect(details.what).toContain(what);
    expect(`${details.where} ${details.allowed}`).toContain(where);
  });
});
