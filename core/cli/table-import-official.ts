import { existsSync } from "node:fs";
import path from "node:path";
import type { TableCard } from "../../schemas/generated/table-card.ts";
import { HarnessError } from "../errors/harness-error.ts";
import { openOfficialSource, type Publication } from "../importers/official/import-source.ts";
import { publishedIdentity } from "../importers/official/published-identity.ts";
import type { ImportedTable, ImportIdentity } from "../importers/pipeline/assembly.ts";
import type { ImportSource } from "../importers/pipeline/import-source.ts";
import { type ImportPhase, importOfficialTrials } from "../importers/pipeline/official-import.ts";
import { inputsKey, readSources } from "../importers/pipeline/source-files.ts";
import { WorkFolder, workFolderOf } from "../importers/pipeline/work-folder.ts";
import { CARD_NAME, readCard } from "../tables/search-view.ts";
import { isMadeFrom } from "../tables/table-output.ts";
import { formatReport } from "./import-report.ts";
import { INTERRUPTED, interruptible } from "./interruption.ts";
import { parsePositive } from "./number-flags.ts";
import { Progress } from "./progress.ts";
import { formatBytes, tableBytes } from "./table-info.ts";
import { print, printJson, remark } from "./terminal.ts";

/** What the command line gives to an import of official files. */
export interface ImportOfficialFlags {
  output?: string;
  overwrite?: true;
  ifMissing?: true;
  jobs?: string;
  json?: true;
}

const MOST_JOBS = 1024;
const LABELS: Readonly<Record<ImportPhase, readonly [label: string, unit: string]>> = {
  checksum: ["checksum", "files"],
  reading: ["reading", "architectures"],
  assembling: ["writing the table", "views"],
};

/**
 * The card of the table that is in the folder and was made from the same files, or null if it has to be made.
 * @throws NAS_OUTPUT_EXISTS if a table of other files is there and may not be replaced, and as `readCard`
 */
async function existingCard(folder: string, source: ImportSource, overwrite: boolean, signal: AbortSignal) {
  if (!existsSync(path.join(folder, CARD_NAME))) return null;
  let card: TableCard;
  try {
    card = readCard(folder);
  } catch (error) {
    if (overwrite && error instanceof HarnessError) return null;
    throw error;
  }
  if (isMadeFrom(card, await readSources(source, signal))) return card;
  if (overwrite) return null;
  const made = card.provenance.sources.map(({ file, sha256 }) => `${file} (${sha256.slice(0, 12)}...)`);
  throw new HarnessError("NAS_OUTPUT_EXISTS", {
    what: "the folder holds a table that was made from other files",
    where: `${folder}, table ${card.id} ${card.version}, made from ${made.join(" and ")}`,
    next: "name another --output, or add --overwrite to replace the table",
  });
}

/** Removes the pieces of a table that is whole: a kill may have come between the two. @throws as {@link WorkFolder} */
function removePieces(folder: string, source: ImportSource): void {
  const work = workFolderOf(folder);
  if (existsSync(work)) new WorkFolder(work, inputsKey(source)).discard();
}

/** @throws NAS_TABLE_CHECK_FAILED if a best value of the table is not the published one; the table is kept */
function requireOptima(folder: string, { report }: ImportedTable): void {
  const problems = report.optima.flatMap(({ dataset, split, epoch, problems: list }) =>
    list.map((problem) => `- ${dataset} ${split} at epoch ${epoch}: ${problem}`),
  );
  if (problems.length === 0) return;
  throw new HarnessError("NAS_TABLE_CHECK_FAILED", {
    what: `${problems.length} best values are not those that were published for this file`,
    where: [folder, ...problems].join("\n"),
    next: "the table is kept as the files gave it; compare the files' checksums with the publisher's, or fetch them again",
  });
}

function tell(folder: string, table: ImportedTable, json: boolean): void {
  const { card, report } = table;
  if (json) {
    printJson({ folder, imported: true, card, report });
    return;
  }
  const files = card.datasets.flatMap((dataset) => dataset.recipes.flatMap((recipe) => recipe.files));
  print(`imported ${card.id} ${card.version} into ${folder} (${files.length} files, ${formatBytes(tableBytes(card))})`);
  print(formatReport(report));
  remark(`check it: nas-harness table check ${folder}`);
}

async function importWithProgress(
  source: ImportSource,
  identity: ImportIdentity,
  folder: string,
  flags: ImportOfficialFlags,
  signal: AbortSignal,
) {
  let progress: Progress | null = null;
  let current: ImportPhase | null = null;
  try {
    return await importOfficialTrials({
      ...{ source, identity, folder, overwrite: flags.overwrite === true, signal },
      ...(flags.jobs === undefined ? {} : { jobs: parsePositive(flags.jobs, "--jobs", MOST_JOBS) }),
      onProgress: (phase, done, total) => {
        if (phase !== current) {
          progress?.finish();
          progress = new Progress(...LABELS[phase]);
          current = phase;
        }
        progress?.update(done, total);
      },
      onBrokenPieces: (names) => remark(`broken since the last attempt, and read again: ${names.join(", ")}`),
    });
  } finally {
    (progress as Progress | null)?.finish();
  }
}

/**
 * Imports a source with progress on stderr and prints card and report; Ctrl-C ends it early. Returns the exit code.
 * @throws what `importOfficialTrials` throws; NAS_OUTPUT_EXISTS, NAS_TABLE_CHECK_FAILED
 */
export async function importSource(
  source: ImportSource,
  identity: ImportIdentity,
  flags: ImportOfficialFlags,
): Promise<number> {
  const folder = flags.output ?? path.join("tables", identity.id);
  const { signal, restore } = interruptible();
  try {
    const card = flags.ifMissing === true ? await existingCard(folder, source, flags.overwrite === true, signal) : null;
    if (card !== null) {
      removePieces(folder, source);
      remark(`${folder} holds the table of these files already; nothing was done`);
      if (flags.json === true) printJson({ folder, imported: false, card });
      return 0;
    }
    const table = await importWithProgress(source, identity, folder, flags, signal);
    if (table === null) {
      remark(`interrupted: what was read is kept in ${workFolderOf(folder)}; the same command goes on`);
      return INTERRUPTED;
    }
    tell(folder, table, flags.json === true);
    requireOptima(folder, table);
    return 0;
  } finally {
    restore();
  }
}

/** The action of `table import nats-bench` and `nas-bench-201`; returns the exit code. @throws as {@link importSource} */
export async function importOfficial(
  file: string,
  publication: Publication,
  flags: ImportOfficialFlags,
): Promise<number> {
  const source = await openOfficialSource(file, publication);
  return importSource(source, publishedIdentity(file, publication), flags);
}
