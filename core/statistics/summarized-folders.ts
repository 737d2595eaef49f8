import type { Protocol } from "../../schemas/generated/protocol.ts";
import type { RunSummary } from "../../schemas/generated/run-summary.ts";
import { reveal } from "../records/reveal.ts";
import { recordTable } from "../records/session.ts";
import type { SearchView } from "../tables/search-view.ts";
import { summarizeMethod } from "./summary.ts";
import { writeSummary } from "./summary-file.ts";

/**
 * Reveals and summarises finished folders; one summary with the rows of all.
 * @throws what `reveal` and `summarizeMethod` throw, NAS_WRITE_FAILED
 */
export async function summarizeFolders(
  folders: readonly string[],
  protocol: Protocol,
  table: SearchView,
): Promise<RunSummary> {
  await reveal({ protocol, tableFolder: table.folder, folders });
  const summaries = folders.map((folder) => {
    const summary = summarizeMethod(folder, protocol, recordTable(table));
    writeSummary(folder, summary);
    return summary;
  });
  const [first] = summaries;
  if (first === undefined) throw new RangeError("no folders to summarise");
  return { ...first, rows: summaries.flatMap((summary) => summary.rows) };
}
