import { LARGEST_INTEGER, NniRow } from "./nni-row.ts";
import { NNI_COLUMNS } from "./nni-tables.ts";
import type { SqliteFile } from "./sqlite-file.ts";

const TABLE = "nb201intermediatestats";
const COLUMNS = NNI_COLUMNS[TABLE];
const QUERY = `SELECT ${COLUMNS.join(", ")} FROM ${TABLE} ORDER BY trial_id, current_epoch`;

/** One epoch's results of a trial. */
export interface EpochRow {
  readonly trial: number;
  readonly epoch: number;
  readonly row: NniRow;
}

/** The rows of the intermediate results, trial by trial, in step with the trials. */
export class EpochCursor {
  readonly #file: string;
  readonly #rows: Generator<readonly unknown[]>;
  #next: EpochRow | null = null;

  /** @throws NAS_BENCHMARK_FILE */
  constructor(file: string, database: SqliteFile) {
    this.#file = file;
    this.#rows = database.rows(QUERY);
    this.#advance();
  }

  /** Demands that the next row belongs to this trial or a later one: else its trial is missing. @throws NAS_BENCHMARK_FILE */
  requireTrial(id: number): void {
    if (this.#next !== null && this.#next.trial < id) {
      throw this.#next.row.fault("trial_id", "the id of a trial in nb201trialstats");
    }
  }

  /** The rows of a trial, by epoch. */
  *of(trial: number): Generator<EpochRow> {
    for (let row = this.#next; row !== null && row.trial === trial; row = this.#next) {
      this.#advance();
      yield row;
    }
  }

  #advance(): void {
    const step = this.#rows.next();
    if (step.done === true) {
      this.#next = null;
      return;
    }
    const [trial, epoch] = step.value;
    const row = new NniRow(
      this.#file,
      TABLE,
      COLUMNS,
      step.value,
      `trial_id ${String(trial)}, current_epoch ${String(epoch)}`,
    );
    const id = row.integer("trial_id", 0, LARGEST_INTEGER);
    this.#next = { trial: id, epoch: row.integer("current_epoch", 1, LARGEST_INTEGER), row };
  }
}
