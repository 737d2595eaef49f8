import { existsSync } from "node:fs";
import path from "node:path";
import type { TableCard } from "../../../schemas/generated/table-card.ts";
import { HarnessError } from "../../errors/harness-error.ts";
import { eachRecord } from "../../records/record-file.ts";
import { findMethodFolders } from "../../records/result-folder.ts";
import { REVEALED_NAME, readRevealed } from "../../records/reveal.ts";
import { type InputsFile, readInputs } from "../../records/session-inputs.ts";
import { ACCURACY_UNITS } from "../../runner/evaluation-table.ts";
import { incumbentsOf } from "../../submissions/submitted-run.ts";

/** A method's revealed values on one search of its protocol. */
export interface MethodResult {
  readonly inputs: InputsFile;
  readonly search: string;
  /** By reported column, the values in percent of the runs that did not fail. */
  readonly columns: ReadonlyMap<string, readonly number[]>;
  /**
   * The best reward that each run saw at an epoch at which answers are chosen, in percent; of the runs that did not
   * fail and saw one. It is what a method maximises: the accuracy of single trials, which is higher than the mean
   * accuracy of what they chose.
   */
  readonly rewards: readonly number[];
  readonly failed: number;
}

/** What a results folder holds on a table. */
export interface MethodResults {
  readonly finished: readonly MethodResult[];
  /** `<protocol>/<method>` of folders whose plan was not revealed yet. */
  readonly unfinished: readonly string[];
}

function incomplete(folder: string, what: string): HarnessError {
  return new HarnessError("NAS_REVEAL_INCOMPLETE", {
    what,
    where: path.join(folder, REVEALED_NAME),
    next: "run the same command again with --resume; it reveals when all runs are there",
  });
}

/** Best rewards in percent, by search. */
function readRewards(folder: string, { definition }: InputsFile): Map<string, number[]> {
  const rewards = new Map(definition.searches.map(({ id }) => [id, [] as number[]] as const));
  for (const { record } of eachRecord(folder)) {
    const search = definition.searches.find(({ id }) => id === record.search);
    if (search === undefined || record.failure !== null) continue;
    const best = incumbentsOf(record.trace, search).at(-1);
    if (best !== undefined) rewards.get(search.id)?.push(best[3] / ACCURACY_UNITS);
  }
  return rewards;
}

function readMethod(folder: string, inputs: InputsFile): MethodResult[] {
  const revealed = readRevealed(folder);
  const rewards = readRewards(folder, inputs);
  return inputs.definition.searches.map(({ id, report }) => {
    const own = revealed.filter(({ search }) => search === id);
    if (own.length !== inputs.runs) {
      throw incomplete(folder, `${own.length} of ${inputs.runs} runs of search ${id} are revealed`);
    }
    // A failed run has no values at all.
    const finished = own.filter(({ columns }) => Object.keys(columns).length > 0);
    const valuesOf = (column: string) =>
      finished.map(({ columns, runIndex }) => {
        const value = columns[column];
        if (typeof value === "number" && Number.isFinite(value)) return value;
        throw incomplete(folder, `run ${runIndex} of search ${id} has no value for ${column}`);
      });
    const columns = new Map(report.map(({ column }) => [column, valuesOf(column)] as const));
    const failed = own.length - finished.length;
    return { inputs, search: id, columns, rewards: rewards.get(id) ?? [], failed };
  });
}

/**
 * Reads what methods reached on a table. Results on other tables, or on other values of it, are passed over.
 * @param results output folder of `run`
 * @throws NAS_RESULTS_MISSING if no finished result belongs to the table, NAS_FILE_NOT_FOUND, NAS_JSON,
 * NAS_REVEAL_INCOMPLETE, NAS_RECORD_CORRUPT
 */
export function readMethodResults(results: string, card: TableCard): MethodResults {
  const folders = findMethodFolders(results).flatMap((folder) => {
    const inputs = readInputs(folder);
    const isOwn = inputs?.table.id === card.id && inputs.table.searchContentHash === card.searchContentHash;
    return inputs !== null && isOwn ? [{ folder, inputs }] : [];
  });
  const isFinished = ({ folder }: { folder: string }) => existsSync(path.join(folder, REVEALED_NAME));
  const finished = folders.filter(isFinished).flatMap(({ folder, inputs }) => readMethod(folder, inputs));
  if (finished.length === 0) {
    throw new HarnessError("NAS_RESULTS_MISSING", {
      what: `there are no finished results on table ${card.id} ${card.version} (content hash ${card.searchContentHash})`,
      where: results,
      next: "run methods on this table first (nas-harness run --help), or leave --results out",
    });
  }
  const unfinished = folders.filter((folder) => !isFinished(folder));
  return { finished, unfinished: unfinished.map(({ inputs }) => `${inputs.protocol.id}/${inputs.method.id}`) };
}
