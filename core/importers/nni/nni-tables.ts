import { HarnessError } from "../../errors/harness-error.ts";
import type { MetricName } from "../../tables/column.ts";
import type { OfficialDataset } from "../official-trial.ts";
import type { SqliteFile } from "./sqlite-file.ts";

const RESULTS = ["train", "valid", "test", "ori_test"].flatMap((split) => [`${split}_acc`, `${split}_loss`]);

/** What a trial has besides its results, with the factor to the table's unit. */
export const SIZES: Readonly<Record<string, readonly [metric: MetricName, scale: number]>> = {
  parameters: ["megaParameters", 1],
  flops: ["megaFlops", 1],
  latency: ["latencyMs", 1000],
};

/** The columns that are read, by table (`nni.nas.benchmark.nasbench201.schema`; peewee names a foreign key `…_id`). */
export const NNI_COLUMNS = {
  nb201trialconfig: ["id", "arch", "num_epochs", "num_channels", "num_cells", "dataset"],
  nb201trialstats: [
    "id",
    "config_id",
    "seed",
    ...RESULTS,
    ...Object.keys(SIZES),
    "training_time",
    "valid_evaluation_time",
    "test_evaluation_time",
    "ori_test_evaluation_time",
  ],
  nb201intermediatestats: ["trial_id", "current_epoch", ...RESULTS],
} as const satisfies Record<string, readonly string[]>;

/** The columns with results: accuracy and loss of four splits. */
export const RESULT_COLUMNS: readonly string[] = RESULTS;

/**
 * Which of NNI's splits the table's splits are, by dataset. NNI fills three evaluation splits for every dataset: on
 * cifar10-valid its test and ori_test are the same images, and on cifar10, which was trained on all training images, its
 * valid is the test set too; so cifar10 has no validation split (`nni/nas/benchmark/nasbench201/db_gen.py`).
 */
export const NNI_SPLITS: Readonly<
  Record<OfficialDataset, Readonly<Record<string, "train" | "valid" | "test" | "valtest">>>
> = {
  "cifar10-valid": { train: "train", valid: "valid", ori_test: "test" },
  cifar10: { train: "train", ori_test: "test" },
  cifar100: { train: "train", valid: "valid", test: "test", ori_test: "valtest" },
  "imagenet16-120": { train: "train", valid: "valid", test: "test", ori_test: "valtest" },
};

/** Demands the tables and columns of NNI's NAS-Bench-201 database. @throws NAS_BENCHMARK_FILE naming all that are missing */
export function requireNniTables(file: string, database: SqliteFile): void {
  const faults = Object.entries(NNI_COLUMNS).flatMap(([table, columns]) => {
    const there = database.columns(table);
    if (there.length === 0) return [`- table ${table} is missing`];
    const missing = columns.filter((column) => !there.includes(column));
    return missing.length === 0 ? [] : [`- table ${table} lacks ${missing.join(", ")}`];
  });
  if (faults.length === 0) return;
  throw new HarnessError("NAS_BENCHMARK_FILE", {
    what: "the database is not NNI's of NAS-Bench-201",
    where: [file, ...faults].join("\n"),
    allowed: `tables ${Object.keys(NNI_COLUMNS).join(", ")} with the columns that NNI's schema gives them`,
    next: "fetch nasbench201-b2b60732.db; NNI's databases of other benchmarks can't be imported",
  });
}
