import type { Findings } from "../findings.ts";
import type { OfficialTrial } from "../official-trial.ts";
import { EpochCursor } from "./epoch-cursor.ts";
import { NniRow } from "./nni-row.ts";
import { NNI_COLUMNS, requireNniTables } from "./nni-tables.ts";
import { readNniTrial } from "./nni-trial.ts";
import { SqliteFile } from "./sqlite-file.ts";

const TRIALS = NNI_COLUMNS.nb201trialstats;
const CONFIG = NNI_COLUMNS.nb201trialconfig.filter((column) => column !== "id");
const QUERY = `SELECT ${[...TRIALS.map((name) => `s.${name}`), ...CONFIG.map((name) => `c.${name}`)].join(", ")}
  FROM nb201trialstats s LEFT JOIN nb201trialconfig c ON c.id = s.config_id ORDER BY s.id`;

/**
 * Reads NNI's SQLite database of NAS-Bench-201, which it never changes. A batch holds trials that follow one another and
 * are of one architecture. Values that are NULL are not recorded. Of times the database has one number a trial: they are
 * constants.
 * @param onTrials called with the number of trials read so far and of all
 * @throws NAS_FILE_NOT_FOUND, NAS_FILE_UNREADABLE, NAS_BENCHMARK_FILE (no whole database, tables or columns missing, a
 * value that can't be used), naming table, row and column
 */
export async function* readNni(
  file: string,
  findings: Findings,
  onTrials: (done: number, total: number) => void = () => {},
): AsyncGenerator<readonly OfficialTrial[]> {
  const database = new SqliteFile(file);
  try {
    requireNniTables(file, database);
    const [count] = database.rows("SELECT count(*) FROM nb201trialstats");
    const total = Number(count?.[0] ?? 0);
    const cursor = new EpochCursor(file, database);
    let batch: OfficialTrial[] = [];
    let done = 0;
    for (const values of database.rows(QUERY)) {
      const row = new NniRow(file, "nb201trialstats", TRIALS, values, `id ${String(values[0])}`);
      const config = new NniRow(
        file,
        "nb201trialconfig",
        CONFIG,
        values.slice(TRIALS.length),
        `id ${String(values[1])} (that of trial ${String(values[0])})`,
      );
      const trial = readNniTrial(row, config, cursor, findings);
      if (batch.length > 0 && batch[0]?.architecture !== trial.architecture) {
        yield batch;
        batch = [];
        onTrials(done, total);
      }
      batch.push(trial);
      done++;
    }
    if (batch.length > 0) yield batch;
    onTrials(done, total);
    cursor.requireTrial(Number.POSITIVE_INFINITY);
  } finally {
    database.close();
  }
}
