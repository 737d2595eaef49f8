import { existsSync } from "node:fs";
import path from "node:path";
import { writeFileAtomic } from "../files/atomic-file.ts";
import { loadProtocol } from "../protocols/protocol-file.ts";
import { openTableFor, tableOfProtocol } from "../tables/table-location.ts";
import type { TrainingReportFlags } from "./commands/training-report.ts";
import { shownPath } from "./shown-path.ts";
import { print, write } from "./terminal.ts";
import { renderTrainingReport } from "./training-report/page.ts";
import { makeTrainingReport } from "./training-report/report.ts";

const LOG_NAME = "epochs.jsonl";
const DEFAULT_PROTOCOL = "fashion-mnist-8x8";

/** The command that makes the page again; what is the default is left out, but for the results. */
function commandOf({ results, log, protocol, table }: TrainingReportFlags): string {
  return [
    "nas-harness training-report",
    `--results ${shownPath(results)}`,
    ...(log === undefined ? [] : [`--log ${shownPath(log)}`]),
    ...(protocol === DEFAULT_PROTOCOL ? [] : [`--protocol ${shownPath(protocol)}`]),
    ...(table === undefined ? [] : [`--table ${shownPath(table)}`]),
  ].join(" ");
}

/**
 * The action of `training-report`.
 * @throws NAS_RESULTS_MISSING, NAS_PROTOCOL_NOT_FOUND, NAS_TABLE_NOT_FOUND, NAS_TABLE_REFUSED, NAS_USAGE, NAS_FILE_NOT_FOUND,
 * NAS_JSON, NAS_SCHEMA, NAS_RECORD_CORRUPT, NAS_REVEAL_INCOMPLETE, NAS_NOT_RECORDED, NAS_TABLE_CORRUPT, NAS_WRITE_FAILED
 */
export function trainingReportCommand(flags: TrainingReportFlags): void {
  const protocol = loadProtocol(flags.protocol);
  const { folder, card } = openTableFor(protocol.table, flags.table, () => {}, tableOfProtocol(flags.protocol));
  const beside = path.join(flags.results, LOG_NAME);
  const log = flags.log ?? (existsSync(beside) ? beside : null);
  const report = makeTrainingReport({ results: flags.results, protocol, tableFolder: folder, card, log });
  const page = renderTrainingReport(report, commandOf(flags));
  if (flags.output === undefined) {
    write(page);
    return;
  }
  writeFileAtomic(flags.output, page);
  print(flags.output);
}
