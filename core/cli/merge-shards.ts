import { HarnessError } from "../errors/harness-error.ts";
import { adviseAfterWriteFailure } from "../files/atomic-file.ts";
import { type MergedMethod, mergeResults } from "../records/merge.ts";
import { openTableForProtocol } from "../records/session.ts";
import { summarizeFolders } from "../statistics/summarized-folders.ts";
import type { SearchView } from "../tables/search-view.ts";
import type { MergeFlags } from "./commands/merge.ts";
import { presentSummary } from "./run-methods.ts";
import { remark } from "./terminal.ts";

/** The table that records were made on. @throws NAS_TABLE_REFUSED if only another one is found */
function openSameTable(merged: MergedMethod, given: string | undefined): SearchView {
  const view = openTableForProtocol(merged.protocol, given);
  const { id, version, searchContentHash } = view.card;
  if (searchContentHash === merged.table.searchContentHash) return view;
  throw new HarnessError("NAS_TABLE_REFUSED", {
    what: `the records were made on table ${merged.table.id} ${merged.table.version}, found is ${id} ${version} with other content`,
    where: view.folder,
    next: "name the table that the shards were run on with --table",
  });
}

const MERGE_AGAIN =
  "free space or name another --output, then merge again; a method that is merged already in the same one needs --overwrite";

/** The action of `merge`; returns the exit code. */
export async function mergeShards(shards: readonly string[], flags: MergeFlags): Promise<number> {
  try {
    return await mergeAndSummarize(shards, flags);
  } catch (error) {
    throw adviseAfterWriteFailure(error, MERGE_AGAIN);
  }
}

async function mergeAndSummarize(shards: readonly string[], flags: MergeFlags): Promise<number> {
  const merged = mergeResults(shards, flags.output, flags.overwrite === true);
  remark(`merged ${merged.map(({ folder }) => folder).join(", ")}`);
  const byProtocol = Map.groupBy(merged, ({ protocol }) => protocol.id);
  let exitCode = 0;
  for (const group of byProtocol.values()) {
    const first = group[0] as MergedMethod;
    const table = openSameTable(first, flags.table);
    const summary = await summarizeFolders(
      group.map(({ folder }) => folder),
      first.protocol,
      table,
    );
    exitCode = Math.max(exitCode, presentSummary(summary, flags.json === true));
  }
  return exitCode;
}
