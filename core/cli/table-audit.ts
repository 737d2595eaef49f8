import path from "node:path";
import { HarnessError } from "../errors/harness-error.ts";
import { locateDataset } from "../plugins/dataset-splits.ts";
import { readCard } from "../tables/search-view.ts";
import { requireTrained } from "../training/build/stored-trials.ts";
import { type AuditedTrial, auditTable } from "../training/build/table-audit.ts";
import type { AuditFlags } from "./commands/training.ts";
import { parsePositive } from "./number-flags.ts";
import { print, printJson, remark } from "./terminal.ts";
import { readSplits } from "./training-images.ts";

/**
 * The dataset that a table was trained on.
 * @param named the user's name or path for it, or null
 * @throws NAS_TABLE_REFUSED if that is another one, NAS_PLUGIN_NOT_FOUND
 */
function datasetOf(trainedOn: { readonly name: string; readonly version: string }, named: string | null) {
  const plugin = locateDataset(named ?? trainedOn.name);
  const { name, version } = plugin.manifest;
  if (name !== trainedOn.name) {
    throw new HarnessError("NAS_TABLE_REFUSED", {
      what: `the table was trained on the dataset ${trainedOn.name}, not on ${name}`,
      where: "--dataset",
      next: `name the folder of ${trainedOn.name}`,
    });
  }
  if (version !== trainedOn.version) {
    remark(`the table was trained on version ${trainedOn.version} of ${name}; this is ${version}`);
  }
  return plugin;
}

const nameOf = ({ recipe, seed, architecture }: AuditedTrial) =>
  `${recipe}, seed ${seed}, architecture ${architecture}`;

/**
 * The action of `table audit`; returns the exit code.
 * @throws NAS_AUDIT_FAILED naming every trial that differs, and what `auditTable` throws
 */
export async function auditCommand(folder: string, flags: AuditFlags): Promise<number> {
  const sample = parsePositive(flags.sample, "--sample", 1_000_000);
  const jobs = parsePositive(flags.jobs, "--jobs", 1024);
  const card = readCard(folder);
  const { dataset } = requireTrained(folder, card);
  const audited = await auditTable({
    folder: path.resolve(folder),
    card,
    images: await readSplits(datasetOf(dataset, flags.dataset ?? null), flags.from),
    sample,
    seed: flags.seed,
    jobs,
    onAudited: (trial) => remark(`${trial.differences.length === 0 ? "equal  " : "DIFFERS"}  ${nameOf(trial)}`),
  });
  const different = audited.filter(({ differences }) => differences.length > 0);
  if (different.length > 0) {
    throw new HarnessError("NAS_AUDIT_FAILED", {
      what: `${different.length} of ${audited.length} trials were not reproduced`,
      where: different.map((trial) => `- ${nameOf(trial)}: ${trial.differences.join("; ")}`).join("\n"),
      next: "check the table against its source; if its files are right, report the machine that you ran this on",
    });
  }
  if (flags.json === true) printJson({ table: card.id, version: card.version, audited });
  else print(`all ${audited.length} trials are equal to the table's, bit for bit`);
  return 0;
}
