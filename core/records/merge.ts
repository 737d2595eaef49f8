import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import type { Protocol } from "../../schemas/generated/protocol.ts";
import { HarnessError } from "../errors/harness-error.ts";
import { type FileContent, writeFilesAtomic } from "../files/atomic-file.ts";
import { lockFolder } from "../files/folder-lock.ts";
import { type PlannedRun, planRuns } from "../runner/plan.ts";
import { MEASUREMENTS_NAME } from "./measurements.ts";
import { eachRecord, RECORDS_NAME, runKey } from "./record-file.ts";
import { findMethodFolders, methodFolder, removeResultLeftovers, removeResults } from "./result-folder.ts";
import { differingInputs, formatInputs, INPUTS_NAME, type InputsFile, readInputs } from "./session-inputs.ts";
import { finishedLines, type StoredRun, storedRun } from "./stored-runs.ts";

/** A method's merged results. */
export interface MergedMethod {
  readonly folder: string;
  readonly protocol: Protocol;
  readonly table: InputsFile["table"];
}

interface ShardFolder {
  readonly folder: string;
  readonly inputs: InputsFile;
}

/** Shards by `<protocol>/<method>`, in the order found. */
function groupShards(outputs: readonly string[]): Map<string, ShardFolder[]> {
  const groups = new Map<string, ShardFolder[]>();
  for (const folder of outputs.flatMap(findMethodFolders)) {
    const inputs = readInputs(folder) as InputsFile;
    const key = `${inputs.protocol.id}/${inputs.method.id}`;
    groups.set(key, [...(groups.get(key) ?? []), { folder, inputs }]);
  }
  if (groups.size === 0) {
    throw new HarnessError("NAS_FILE_NOT_FOUND", {
      what: "there are no results to merge",
      where: outputs.join(", "),
      next: "name the output folders of nas-harness run --shard",
    });
  }
  return groups;
}

function checkAgreement(key: string, shards: readonly ShardFolder[]): void {
  const [first, ...others] = shards as [ShardFolder, ...ShardFolder[]];
  for (const other of others) {
    const differing = differingInputs(first.inputs, other.inputs);
    if (differing.length === 0) continue;
    throw new HarnessError("NAS_SHARDS_CONFLICT", {
      what: `the shards of ${key} were made from different inputs: ${differing.join(", ")}`,
      where: [first.folder, other.folder].map((folder) => path.join(folder, INPUTS_NAME)).join("\n"),
      next: "run all shards with the same protocol, table, plugin, options and number of runs",
    });
  }
}

/** Every stored run of the shards by run key. */
function collectRuns(key: string, shards: readonly ShardFolder[]): Map<string, StoredRun> {
  const runs = new Map<string, StoredRun>();
  for (const { folder, inputs } of shards) {
    if (!existsSync(path.join(folder, RECORDS_NAME))) {
      throw new HarnessError("NAS_SHARDS_INCOMPLETE", {
        what: `shard ${inputs.shard} of ${key} is not finished`,
        where: folder,
        next: "go on with the same command and --resume",
      });
    }
    for (const placed of eachRecord(folder)) {
      const run = storedRun(placed);
      const known = runs.get(runKey(run));
      if (known !== undefined && known.digest !== run.digest) {
        throw new HarnessError("NAS_SHARDS_CONFLICT", {
          what: `two shards hold different records of run ${runKey(run)} of ${key}`,
          where: folder,
          next: "run the method again with --overwrite; a method must give the same run every time",
        });
      }
      runs.set(runKey(run), run);
    }
  }
  return runs;
}

function checkWhole(key: string, inputs: InputsFile, runs: ReadonlyMap<string, StoredRun>): void {
  const plan = planRuns(inputs.definition, [inputs.method.id], inputs.runs);
  const missing = plan.filter((run) => runs.get(runKey(run))?.seed !== run.seed);
  if (missing.length === 0) return;
  throw new HarnessError("NAS_SHARDS_INCOMPLETE", {
    what: `${missing.length} of ${plan.length} runs of ${key} are missing; the first is ${runKey(missing[0] as PlannedRun)}`,
    allowed: "every shard from 1/N to N/N of one plan",
    next: "run the missing shards, then merge all of them",
  });
}

function writeMerged(output: string, shards: readonly ShardFolder[], runs: StoredRun[], overwrite: boolean): string {
  const { inputs } = shards[0] as ShardFolder;
  const folder = methodFolder(output, inputs.protocol.id, inputs.method.id);
  const lock = lockFolder(folder);
  try {
    removeResultLeftovers(folder);
    if (readInputs(folder) !== null && !overwrite) {
      throw new HarnessError("NAS_OUTPUT_EXISTS", {
        what: `there are results of ${inputs.method.id} already`,
        where: folder,
        next: "add --overwrite to replace them, or name another --output",
      });
    }
    const { format: _, shard: __, definition, environment: ___, ...content } = inputs;
    const measured = shards
      .map((shard) => path.join(shard.folder, MEASUREMENTS_NAME))
      .filter((file) => existsSync(file));
    const merged = new Map<string, FileContent>([
      [RECORDS_NAME, finishedLines(runs, definition)],
      [MEASUREMENTS_NAME, measured.map((file) => readFileSync(file, "utf8")).join("")],
      // The last one: what it names must be there already.
      [INPUTS_NAME, formatInputs(content, definition, null)],
    ]);
    // All before anything old is removed: on a full disk the old results stay.
    writeFilesAtomic(new Map([...merged].map(([name, content]) => [path.join(folder, name), content])));
    removeResults(folder, [...merged.keys()]);
  } finally {
    lock.release();
  }
  return folder;
}

/**
 * Puts shards together. All of them are checked before anything is written; the merged records are those of one run of
 * the whole plan, byte for byte.
 * @param outputs output folders of the shards
 * @throws NAS_FILE_NOT_FOUND, NAS_SHARDS_INCOMPLETE, NAS_SHARDS_CONFLICT, NAS_RECORD_CORRUPT, NAS_OUTPUT_EXISTS,
 *   NAS_OUTPUT_LOCKED, NAS_WRITE_FAILED
 */
export function mergeResults(outputs: readonly string[], output: string, overwrite: boolean): MergedMethod[] {
  const merged = [...groupShards(outputs)].map(([key, shards]) => {
    checkAgreement(key, shards);
    const runs = collectRuns(key, shards);
    const { inputs } = shards[0] as ShardFolder;
    checkWhole(key, inputs, runs);
    return { shards, runs: [...runs.values()], inputs };
  });
  return merged.map(({ shards, runs, inputs }) => ({
    folder: writeMerged(output, shards, runs, overwrite),
    protocol: inputs.definition,
    table: inputs.table,
  }));
}
