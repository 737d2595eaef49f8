import { createHash } from "node:crypto";
import path from "node:path";
import type {
  SourceFile,
  TableCard,
  TableDataset,
  TableFile,
  TableRecipe,
} from "../../../schemas/generated/table-card.ts";
import { HarnessError } from "../../errors/harness-error.ts";
import { writeFileSynced } from "../../files/atomic-file.ts";
import { lockFolder } from "../../files/folder-lock.ts";
import { FolderReplacement } from "../../files/folder-replacement.ts";
import type { TrialTable } from "../../tables/column.ts";
import { SearchContentHash } from "../../tables/content-hash.ts";
import { checkOptimum, keysOf } from "../../tables/optimum-check.ts";
import { writeViewFiles } from "../../tables/part-writer.ts";
import { CARD_NAME } from "../../tables/search-view.ts";
import { recoverTable, requireTableOutput } from "../../tables/table-output.ts";
import { cardBytes, describeColumns, UNITS } from "../../tables/table-writer.ts";
import { TrialLookup } from "../../tables/trial-lookup.ts";
import type { Finding } from "../findings.ts";
import { type ImportReport, type OptimumReport, REPORT_NAME } from "./import-report.ts";
import type { NameChecksum } from "./name-checksum.ts";
import { DATASET_FACTS, DATASET_ORDER } from "./official-datasets.ts";
import type { Piece } from "./piece-file.ts";
import { ReportFacts } from "./report-facts.ts";
import { loadView, type UnifiedView, unifiedViews } from "./unified-view.ts";

/** What a table's card says that its values don't. */
export interface ImportIdentity
  extends Pick<TableCard, "id" | "version" | "title" | "benchmark" | "licence" | "expectedOptima"> {
  /** Where the values come from, in words. */
  readonly description: string;
}

/** What a table is assembled from. */
export interface AssemblyOptions {
  readonly identity: ImportIdentity;
  /** All of them, in the order of the inputs. */
  readonly pieces: readonly Piece[];
  readonly sources: readonly SourceFile[];
  readonly checksum: NameChecksum | null;
  /** What the reader found odd. */
  readonly findings: readonly Finding[];
  /** Where the table goes, an absolute path. */
  readonly folder: string;
  readonly overwrite: boolean;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/** An imported table's card and report. */
export interface ImportedTable {
  readonly card: TableCard;
  readonly report: ImportReport;
}

/** A view that was written. */
interface WrittenView {
  readonly unified: UnifiedView;
  readonly files: readonly TableFile[];
  readonly seeds: readonly number[];
}

const VIEW_OF_SPLIT = { valid: "search", test: "test" } as const;

function optimaOf({ expectedOptima }: ImportIdentity, { dataset, recipe, view }: UnifiedView, table: TrialTable) {
  const own = expectedOptima.filter(
    (expected) => expected.dataset === dataset && expected.recipe === recipe && VIEW_OF_SPLIT[expected.split] === view,
  );
  if (own.length === 0) return [];
  const lookup = new TrialLookup(table, "architecture");
  return own.map((expected): OptimumReport => {
    const { best, problems } = checkOptimum(lookup, keysOf({ keyedBy: "architecture" }), expected);
    return { ...expected, found: best, problems };
  });
}

function recipeOf(views: readonly WrittenView[]): TableRecipe {
  const { recipe, epochs } = (views[0] as WrittenView).unified;
  return {
    id: recipe,
    epochs,
    seeds: [...new Set(views.flatMap(({ seeds }) => seeds))].sort((a, b) => a - b),
    columns: describeColumns(views.flatMap(({ unified }) => unified.columns)) as TableRecipe["columns"],
    files: views.flatMap(({ files }) => files) as TableRecipe["files"],
  };
}

function datasetsOf(written: readonly WrittenView[]): TableDataset[] {
  return DATASET_ORDER.flatMap((id) => {
    const own = written.filter(({ unified }) => unified.dataset === id);
    if (own.length === 0) return [];
    const recipes = [...Map.groupBy(own, ({ unified }) => unified.recipe).values()].map(recipeOf);
    return [{ id, ...DATASET_FACTS[id], recipes: recipes as TableDataset["recipes"] }];
  });
}

/**
 * Makes a table of pieces, one view of one (dataset, recipe) at a time. The folder is there whole or not at all.
 * @throws NAS_IMPORT, NAS_OUTPUT_EXISTS, NAS_OUTPUT_LOCKED, NAS_WRITE_FAILED, NAS_INTERNAL; the signal's reason
 */
export async function assembleOfficialTable(options: AssemblyOptions): Promise<ImportedTable> {
  const { folder, overwrite } = options;
  const lock = lockFolder(path.dirname(folder));
  try {
    recoverTable(folder);
    // Again: another import may have finished meanwhile.
    requireTableOutput(folder, overwrite);
    const output = new FolderReplacement(folder, true);
    try {
      const table = await writeInto(output.beside, options);
      output.commit();
      return table;
    } catch (cause) {
      throw options.signal?.aborted ? discarded(output, cause) : output.abandon(cause);
    }
  } finally {
    lock.release();
  }
}

/** Removes what was written and gives back the reason as it is: an interruption is no failed write. */
function discarded(output: FolderReplacement, reason: unknown): unknown {
  output.abandon(reason);
  return reason;
}

async function writeInto(folder: string, options: AssemblyOptions): Promise<ImportedTable> {
  const { identity, pieces, sources, checksum, findings, signal, onProgress } = options;
  const views = unifiedViews(pieces);
  if (views.length === 0) {
    throw new HarnessError("NAS_IMPORT", {
      what: "the files hold no training",
      where: sources.map(({ file }) => file).join(", "),
      next: "name the files that hold the trainings",
    });
  }
  const facts = new ReportFacts();
  const hash = new SearchContentHash();
  const written: WrittenView[] = [];
  const optima: OptimumReport[] = [];
  for (const unified of views) {
    // Ctrl-C and progress get their turn between the views.
    await new Promise(setImmediate);
    signal?.throwIfAborted();
    onProgress?.(written.length, views.length);
    const table = loadView(unified);
    facts.addView(unified, table);
    optima.push(...optimaOf(identity, unified, table));
    if (unified.view === "search") hash.add({ ...unified, table });
    const seeds = [...new Set(table.rows.trialSeed)].filter((seed) => seed !== null);
    written.push({ unified, seeds, files: writeViewFiles(folder, unified, table) });
  }
  onProgress?.(views.length, views.length);
  const { description, expectedOptima, ...named } = identity;
  const report: ImportReport = {
    format: 1,
    table: { id: identity.id, version: identity.version },
    ...facts.report(pieces),
    checksum,
    findings,
    optima: facts.isPart ? [] : optima,
  };
  const bytes = Buffer.from(`${JSON.stringify(report, null, 2)}\n`);
  const card: TableCard = {
    format: 1,
    ...named,
    space: "nas-bench-201",
    keyedBy: "architecture",
    provenance: { description, sources: [...sources] },
    ...(facts.isPart ? { architectures: facts.architectures } : {}),
    importReport: {
      path: REPORT_NAME,
      sha256: createHash("sha256").update(bytes).digest("hex"),
      bytes: bytes.length,
    },
    units: UNITS,
    datasets: datasetsOf(written) as TableCard["datasets"],
    searchContentHash: hash.digest(),
    // Those of a part say nothing about the whole.
    expectedOptima: facts.isPart ? [] : expectedOptima,
  };
  writeFileSynced(path.join(folder, REPORT_NAME), bytes);
  writeFileSynced(path.join(folder, CARD_NAME), cardBytes(card));
  return { card, report };
}
