import { DatabaseSync } from "node:sqlite";

/** A row by column name. */
export type SqlRow = Record<string, number | string | null>;

const RESULTS = ["train", "valid", "test", "ori_test"].flatMap((split) => [`${split}_acc`, `${split}_loss`]);
const SCHEMA = `
CREATE TABLE nb201trialconfig (id INTEGER NOT NULL PRIMARY KEY, arch JSON NOT NULL, num_epochs INTEGER NOT NULL,
  num_channels INTEGER NOT NULL, num_cells INTEGER NOT NULL, dataset VARCHAR(20) NOT NULL);
CREATE TABLE nb201trialstats (id INTEGER NOT NULL PRIMARY KEY, config_id INTEGER NOT NULL, seed INTEGER NOT NULL,
  ${RESULTS.map((name) => `${name} REAL`).join(", ")}, parameters REAL NOT NULL, latency REAL NOT NULL,
  flops REAL NOT NULL, training_time REAL NOT NULL, valid_evaluation_time REAL NOT NULL,
  test_evaluation_time REAL NOT NULL, ori_test_evaluation_time REAL NOT NULL,
  FOREIGN KEY (config_id) REFERENCES nb201trialconfig (id));
CREATE INDEX nb201trialstats_config_id ON nb201trialstats (config_id);
CREATE TABLE nb201intermediatestats (id INTEGER NOT NULL PRIMARY KEY, trial_id INTEGER NOT NULL,
  current_epoch INTEGER NOT NULL, ${RESULTS.map((name) => `${name} REAL`).join(", ")},
  FOREIGN KEY (trial_id) REFERENCES nb201trialstats (id));
CREATE INDEX nb201intermediatestats_trial_id ON nb201intermediatestats (trial_id);
CREATE INDEX nb201intermediatestats_current_epoch ON nb201intermediatestats (current_epoch);`;

/** Which of NNI's columns hold a split at every epoch; the others hold it at the last one of 200 epochs only. */
const EVERY_EPOCH: Readonly<Record<string, readonly string[]>> = {
  "cifar10-valid": ["train", "valid"],
  cifar10: ["train", "valid", "test", "ori_test"],
  cifar100: ["train", "ori_test"],
  "imagenet16-120": ["train", "ori_test"],
};

/** The columns that NNI fills from the same split. */
const SAME: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "cifar10-valid": { test: "ori_test" },
  cifar10: { valid: "ori_test", test: "ori_test" },
};

/** A made-up result, different for each trial, epoch and split; accuracies below 100. */
export function madeUpResult(trial: number, epoch: number, dataset: string, column: string): number {
  const at = column.lastIndexOf("_");
  const split = column.slice(0, at);
  const source = `${SAME[dataset]?.[split] ?? split}${column.slice(at)}`;
  return (RESULTS.indexOf(source) + 1) * 10 + trial / 7 + epoch / 1000;
}

/** A trial to put into a database. */
export interface NniTrial {
  readonly arch: SqlRow | string;
  readonly dataset: string;
  readonly epochs: number;
  readonly seed: number;
}

/** The eight results of an epoch as NNI's generator writes them. */
function resultsOf(trial: number, epoch: number, { dataset, epochs }: NniTrial): SqlRow {
  const isRecorded = (column: string) =>
    epochs === 12 ||
    epoch === epochs ||
    EVERY_EPOCH[dataset]?.includes(column.slice(0, column.lastIndexOf("_"))) === true;
  return Object.fromEntries(
    RESULTS.map((column) => [column, isRecorded(column) ? madeUpResult(trial, epoch, dataset, column) : null]),
  );
}

function insert(database: DatabaseSync, table: string, row: SqlRow): void {
  const names = Object.keys(row);
  const places = names.map(() => "?").join(", ");
  database.prepare(`INSERT INTO ${table} (${names.join(", ")}) VALUES (${places})`).run(...Object.values(row));
}

/**
 * Writes a database as NNI's generator does: a configuration and a row of final results a trial, and a row an epoch. Ids
 * count from 1.
 * @param after SQL that changes it afterwards
 */
export function writeNniDatabase(file: string, trials: readonly NniTrial[], after = ""): void {
  const database = new DatabaseSync(file, { enableForeignKeyConstraints: false });
  database.exec(`PRAGMA synchronous = OFF; PRAGMA journal_mode = MEMORY; ${SCHEMA} BEGIN;`);
  trials.forEach((trial, at) => {
    const id = at + 1;
    const { arch, dataset, epochs, seed } = trial;
    insert(database, "nb201trialconfig", {
      id,
      arch: typeof arch === "string" ? arch : JSON.stringify(arch),
      num_epochs: epochs,
      num_channels: 16,
      num_cells: 5,
      dataset,
    });
    insert(database, "nb201trialstats", {
      id,
      config_id: id,
      seed,
      ...resultsOf(id, epochs, trial),
      parameters: 1.25 + id,
      latency: 0.0625,
      flops: 153.5,
      training_time: 4 * epochs,
      valid_evaluation_time: 0.5,
      test_evaluation_time: 0.75,
      ori_test_evaluation_time: 1.5,
    });
    for (let epoch = 1; epoch <= epochs; epoch++) {
      insert(database, "nb201intermediatestats", {
        trial_id: id,
        current_epoch: epoch,
        ...resultsOf(id, epoch, trial),
      });
    }
  });
  database.exec(`COMMIT; ${after}`);
  database.close();
}
