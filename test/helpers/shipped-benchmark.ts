import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { locateDataset } from "../../core/plugins/dataset-splits.ts";
import { loadProtocol } from "../../core/protocols/protocol-file.ts";
import { datasetSubmission } from "../../core/submissions/dataset-submission.ts";
import { submissionFolder } from "../../core/submissions/submission-folder.ts";
import { writeSubmission } from "../../core/submissions/submission-writer.ts";
import type { Protocol } from "../../schemas/generated/protocol.ts";
import { PLANNED, writePlannedTable } from "./planned-table.ts";

/** Id of the protocol that {@link writeShippedBenchmark} makes submissions possible under. */
export const SHIPPED = "shipped";

/**
 * Hands in a dataset with a table of made-up trainings, so that methods can be submitted under its protocol: that of
 * fashion-mnist-8x8 under another name, with fewer runs unless told otherwise.
 * @param root the folder of submissions
 * @param work a folder for the plugin; it is kept
 * @returns the protocol
 */
export function writeShippedBenchmark(root: string, work: string, changes: Partial<Protocol> = {}): Protocol {
  const { manifest } = locateDataset(PLANNED);
  const protocol: Protocol = { ...loadProtocol(PLANNED), id: SHIPPED, settingsOf: PLANNED, runs: 30, ...changes };
  const folder = path.join(work, SHIPPED);
  mkdirSync(folder, { recursive: true });
  const { entry: _, ...own } = manifest;
  const document = { ...own, name: SHIPPED, title: "Shipped", table: "table", protocol: "protocol.json" };
  writeFileSync(path.join(folder, "plugin.json"), JSON.stringify(document, null, 2));
  writeFileSync(path.join(folder, "protocol.json"), JSON.stringify(protocol, null, 2));
  writePlannedTable(path.join(folder, "table"));
  const plugin = locateDataset(folder);
  writeSubmission(submissionFolder(root, SHIPPED, manifest.version), datasetSubmission(plugin), false);
  return protocol;
}

/** Copies a folder of submissions, for a test that changes it. */
export function copyOf(root: string, to: string): string {
  cpSync(root, to, { recursive: true });
  return to;
}
