import { existsSync } from "node:fs";
import path from "node:path";
import { readPublished } from "../../../leaderboard/generator/published-rows.ts";
import type { Protocol, ProtocolSearch } from "../../../schemas/generated/protocol.ts";
import type { PublishedRow, PublishedTable } from "../../../schemas/generated/published-results.ts";
import type { TableCard } from "../../../schemas/generated/table-card.ts";
import { HarnessError } from "../../errors/harness-error.ts";
import { harnessVersion } from "../../files/package-version.ts";
import { findMethodFolders } from "../../records/result-folder.ts";
import { REVEALED_NAME } from "../../records/reveal.ts";
import { readInputs } from "../../records/session-inputs.ts";
import { ARCHITECTURE_COUNT } from "../../space/operations.ts";
import { SUMMARY_NAME } from "../../statistics/summary-file.ts";
import { openReportedValues } from "../../tables/reported-values.ts";
import { CellStanding } from "./cell-standing.ts";
import { type ControllerEntropy, controllerEntropy, readEpochLog } from "./controller-entropy.ts";
import { type OtherMethod, readOtherMethod } from "./other-methods.ts";
import { type ReportColumns, readTrainedMethod, type TrainedMethod } from "./trained-runs.ts";
import { VARIANTS, type Variant, variantName } from "./weight-sharing-methods.ts";

const CONTROLLED = "enas";

/** Everything that the page is made from. */
export interface TrainingReport {
  readonly harness: string;
  readonly protocol: Pick<Protocol, "id" | "version">;
  readonly table: Pick<TableCard, "id" | "version" | "title" | "searchContentHash">;
  readonly standing: CellStanding;
  /** Finished variants of weight-sharing methods, in the published table's order; at least one. */
  readonly trained: readonly TrainedMethod[];
  /** The other finished methods. */
  readonly others: readonly OtherMethod[];
  /** Why weight-sharing variants are left out, in words. */
  readonly leftOut: readonly string[];
  /** By variant; only where a log has the epochs. */
  readonly entropies: ReadonlyMap<string, ControllerEntropy>;
  readonly hasLog: boolean;
  readonly published: Pick<PublishedTable, "title" | "source" | "rows">;
}

/** What a report is asked for. */
export interface ReportRequest {
  readonly results: string;
  readonly protocol: Protocol;
  readonly tableFolder: string;
  readonly card: TableCard;
  /** An epoch log, or null. */
  readonly log: string | null;
}

/** The only search of a protocol and what it reports. @throws NAS_USAGE if there are several, or another report */
export function reportedSearch(protocol: Protocol): {
  readonly search: ProtocolSearch;
  readonly columns: ReportColumns;
} {
  const [search, ...more] = protocol.searches as [ProtocolSearch, ...ProtocolSearch[]];
  const ofSplit = (split: string) => search.report.filter((column) => column.split === split);
  const [valid, ...otherValid] = ofSplit("valid");
  const [test, ...otherTest] = ofSplit("test");
  if (more.length === 0 && valid && test && otherValid.length === 0 && otherTest.length === 0) {
    return { search, columns: { valid, test } };
  }
  throw new HarnessError("NAS_USAGE", {
    what: `protocol ${protocol.id} does not report one validation and one test accuracy of one search`,
    where: "--protocol",
    next: "name a protocol that does, such as fashion-mnist-8x8",
  });
}

/** The rows of NAS-Bench-201 with the weight-sharing methods. */
function publishedTable(): PublishedTable {
  const isIt = (row: PublishedRow) => VARIANTS.some(({ id }) => id === row.method);
  const table = readPublished().find(({ rows }) => rows.some(isIt));
  if (table !== undefined) return table;
  throw new HarnessError("NAS_INTERNAL", { what: "no published table has rows of weight-sharing methods" });
}

/** The published row of a variant; null if there is none. */
export function publishedRow({ published }: TrainingReport, { id, usesBatchStatistics }: Variant): PublishedRow | null {
  return published.rows.find((row) => row.method === id && row.batchStatistics === usesBatchStatistics) ?? null;
}

function methodFolders({ results, protocol, card }: ReportRequest) {
  return findMethodFolders(results).flatMap((folder) => {
    const inputs = readInputs(folder);
    if (inputs === null || inputs.protocol.id !== protocol.id || inputs.protocol.version !== protocol.version)
      return [];
    const isOwn = inputs.table.id === card.id && inputs.table.searchContentHash === card.searchContentHash;
    const isFinished = [REVEALED_NAME, SUMMARY_NAME].every((name) => existsSync(path.join(folder, name)));
    return isOwn ? [{ folder, inputs, isFinished }] : [];
  });
}

/**
 * Reads what weight-sharing methods reached, and what to compare it with. Results under another protocol or on another
 * table are passed over.
 * @throws NAS_RESULTS_MISSING if no weight-sharing method has finished; NAS_USAGE, NAS_FILE_NOT_FOUND, NAS_JSON,
 * NAS_SCHEMA, NAS_RECORD_CORRUPT, NAS_REVEAL_INCOMPLETE, NAS_NOT_RECORDED, NAS_TABLE_CORRUPT
 */
export function makeTrainingReport(request: ReportRequest): TrainingReport {
  const { results, protocol, card, log } = request;
  const { search, columns } = reportedSearch(protocol);
  const folders = methodFolders(request);
  const folderOf = (id: string) => folders.find(({ inputs }) => inputs.method.id === id);
  if (!VARIANTS.some(({ variant }) => folderOf(variant)?.isFinished)) {
    throw new HarnessError("NAS_RESULTS_MISSING", {
      what: `there are no finished results of weight-sharing methods under protocol ${protocol.id} ${protocol.version} on table ${card.id} ${card.version} (content hash ${card.searchContentHash})`,
      where: results,
      next: `run one, such as: nas-harness run gdas --protocol ${protocol.id} --runs 3 --output ${results}`,
    });
  }
  const reportedValue = openReportedValues(request.tableFolder, card);
  const standing = new CellStanding(
    Array.from({ length: ARCHITECTURE_COUNT }, (_, architecture) => reportedValue(architecture, columns.test)),
  );
  const leftOut: string[] = [];
  const trained = VARIANTS.flatMap((variant) => {
    const found = folderOf(variant.variant);
    const why = found === undefined ? "not run" : found.isFinished ? null : "not finished";
    const method =
      found === undefined || why !== null
        ? null
        : readTrainedMethod(found.folder, found.inputs, variant, columns, standing);
    if (method !== null) return [method];
    leftOut.push(`${variantName(variant)} (${why ?? "every run failed"})`);
    return [];
  });
  const isOther = (id: string) => VARIANTS.every(({ variant }) => variant !== id);
  const others = folders
    .filter(({ inputs, isFinished }) => isFinished && isOther(inputs.method.id))
    .flatMap(({ folder, inputs }) => readOtherMethod(folder, inputs, columns, standing) ?? []);
  const lines = log === null ? null : readEpochLog(log);
  const entropies = trained
    .filter(({ id }) => id === CONTROLLED && lines !== null)
    .flatMap((method) => {
      const entropy = lines === null ? null : controllerEntropy(method, search.id, lines);
      return entropy === null ? [] : [[method.variant, entropy] as const];
    });
  return {
    harness: harnessVersion(),
    protocol,
    table: card,
    standing,
    trained,
    others,
    leftOut,
    entropies: new Map(entropies),
    hasLog: log !== null,
    published: publishedTable(),
  };
}
