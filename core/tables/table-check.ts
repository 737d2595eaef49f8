import type { ExpectedOptimum, TableCard, TableFile } from "../../schemas/generated/table-card.ts";
import { HarnessError } from "../errors/harness-error.ts";
import type { TrialTable, View } from "./column.ts";
import { contentKey, SearchContentHash } from "./content-hash.ts";
import { checkOptimum, keysOf } from "./optimum-check.ts";
import { checkValues, rowProblems } from "./trial-check.ts";
import { type DescribedFile, findRecipe, readTrialFile, readVerifiedFile } from "./trial-file.ts";
import { TrialLookup } from "./trial-lookup.ts";
import { concatenateTrials } from "./trial-order.ts";

/** One check of a table. */
export interface TableCheck {
  /** What is checked. */
  readonly check: "file" | "content hash" | "rows" | "values" | "optimum";
  /** Which part of the table. */
  readonly subject: string;
  /** skipped: a file that it needs is broken, which a check of its own says. */
  readonly result: "ok" | "failed" | "skipped";
  /** What was found, in one line. */
  readonly found: string;
  /** What is wrong; empty unless the result is "failed". */
  readonly problems: readonly string[];
}

/** One view of one (dataset, recipe) and its files. */
interface CheckedView {
  readonly dataset: string;
  readonly recipe: string;
  readonly view: View;
  readonly files: readonly TableFile[];
}

/** A view with its trials, or null where a file is broken. */
interface LoadedView extends CheckedView {
  readonly table: TrialTable | null;
}

/** What is found in a view; `optima` by the optimum's place in the card. */
interface ViewChecks {
  /** Empty, or that the card describes a file wrongly. */
  readonly mismatch: readonly TableCheck[];
  readonly checks: readonly TableCheck[];
  readonly optima: ReadonlyMap<number, TableCheck>;
}

function outcome(
  check: TableCheck["check"],
  subject: string,
  found: string,
  problems: readonly string[] = [],
): TableCheck {
  return { check, subject, result: problems.length === 0 ? "ok" : "failed", found, problems };
}

function skipped(check: TableCheck["check"], subject: string): TableCheck {
  return { check, subject, result: "skipped", found: "a file that this needs is broken", problems: [] };
}

/** Runs a step and returns what a HarnessError says, as a problem; anything else is a defect and goes on. */
function problemsOf(step: () => void): string[] {
  try {
    step();
    return [];
  } catch (error) {
    if (!(error instanceof HarnessError)) throw error;
    return [error.details.what];
  }
}

function checkFile(folder: string, file: DescribedFile): TableCheck {
  const problems = problemsOf(() => readVerifiedFile(folder, file));
  return outcome("file", file.path, `${file.bytes} bytes, SHA-256 ${file.sha256.slice(0, 12)}...`, problems);
}

/** The views of a card in its order. */
function viewsOf(card: TableCard): CheckedView[] {
  return card.datasets.flatMap((dataset) =>
    dataset.recipes.flatMap((recipe) =>
      (["search", "test"] as const).flatMap((view): CheckedView[] => {
        const files = recipe.files.filter((file) => file.view === view);
        return files.length === 0 ? [] : [{ dataset: dataset.id, recipe: recipe.id, view, files }];
      }),
    ),
  );
}

/** What is wrong with the ranges of architectures that the files of a view name. */
function rangeProblems(files: readonly TableFile[], tables: readonly TrialTable[]): string[] {
  let last = -1;
  return files.flatMap(({ path: name, architectures: range }, at) => {
    if (range === undefined) return [];
    const { architecture } = (tables[at] as TrialTable).rows;
    const foreign = architecture.find((index) => index < range.first || index > range.last);
    const isLate = range.first > last && range.last >= range.first;
    last = range.last;
    return [
      ...(isLate
        ? []
        : [`${name} names architectures ${range.first} to ${range.last}, which overlap or are out of order`]),
      ...(foreign === undefined
        ? []
        : [`${name} holds architecture ${foreign}, its card says ${range.first} to ${range.last}`]),
    ];
  });
}

/** Reads a view whose files are whole; with it a failed check if its card describes a file wrongly. */
function loadView(folder: string, card: TableCard, view: CheckedView, broken: ReadonlySet<string>) {
  const { dataset, recipe, files } = view;
  let table: TrialTable | null = null;
  const ranges: string[] = [];
  const problems = problemsOf(() => {
    if (files.some((file) => broken.has(file.path))) return;
    const entry = findRecipe(card, dataset, recipe);
    const parts = files.map((file) => readTrialFile(folder, entry, file));
    ranges.push(...rangeProblems(files, parts));
    table = concatenateTrials(parts);
  });
  const all = [...problems, ...ranges];
  const names = files.map((file) => file.path).join(", ");
  return {
    table: table as TrialTable | null,
    mismatch: all.length === 0 ? [] : [outcome("file", names, "the card and the file differ", all)],
  };
}

function checkView(card: TableCard, { dataset, recipe, view, files, table }: LoadedView): TableCheck[] {
  const subject = `${dataset}/${recipe} ${view}`;
  if (table === null) return [skipped("rows", subject), skipped("values", subject)];
  const expected = files.reduce((total, file) => total + file.rows, 0);
  const rows = table.rows.architecture.length;
  const keys = card.keyedBy === "class" ? "classes" : "architectures";
  const problems = rows === expected ? [] : [`the files hold ${rows} rows, the card says ${expected}`];
  return [
    outcome("rows", subject, `${rows} trials of ${new Set(table.rows.architecture).size} ${keys}`, [
      ...problems,
      ...rowProblems(table, card.keyedBy, card.architectures !== undefined),
    ]),
    ...table.columns.map((column) => {
      const isAsTrained = card.training !== undefined || card.importReport !== undefined;
      const losses = isAsTrained ? "diverging" : "finite";
      const { recorded, diverged, smallest, largest, problems: outside } = checkValues(table, column, losses);
      const range = smallest > largest ? "" : `, ${smallest.toFixed(2)} to ${largest.toFixed(2)}`;
      return outcome(
        "values",
        `${dataset}/${recipe} ${column.name}`,
        `${recorded} values${range}${diverged === 0 ? "" : `, ${diverged} diverged`}`,
        outside,
      );
    }),
  ];
}

function checkHash(card: TableCard, hash: string | null): TableCheck {
  if (hash === null) return skipped("content hash", "search");
  const problems = hash === card.searchContentHash ? [] : [`it is ${hash}, the card says ${card.searchContentHash}`];
  return outcome("content hash", "search", `${hash.slice(0, 12)}...`, problems);
}

function subjectOf({ dataset, recipe, split, epoch }: ExpectedOptimum): string {
  return `${dataset}/${recipe} ${split} at epoch ${epoch}`;
}

function checkPublished(card: TableCard, { table }: LoadedView, expected: ExpectedOptimum): TableCheck {
  const subject = subjectOf(expected);
  if (table === null) return skipped("optimum", subject);
  const { best, problems } = checkOptimum(new TrialLookup(table, card.keyedBy), keysOf(card), expected);
  const found = best === null ? "nothing" : `${best.accuracy.toFixed(2)} of architecture ${best.architecture}`;
  return outcome("optimum", subject, found, problems);
}

const VIEW_OF_SPLIT = { valid: "search", test: "test" } as const;

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Checks a view; its content goes into the hash. */
function checkLoaded(card: TableCard, loaded: LoadedView, mismatch: readonly TableCheck[]): ViewChecks {
  const { dataset, recipe, view } = loaded;
  const isOf = (expected: ExpectedOptimum) =>
    expected.dataset === dataset && expected.recipe === recipe && VIEW_OF_SPLIT[expected.split] === view;
  const optima = card.expectedOptima.flatMap((expected, at) =>
    isOf(expected) ? [[at, checkPublished(card, loaded, expected)] as const] : [],
  );
  return { mismatch, checks: checkView(card, loaded), optima: new Map(optima) };
}

/**
 * Checks a table: sizes and SHA-256 of its files, the content hash, that every architecture (or class) is there in order
 * and no trial twice, the range of every value, and the published optima of its card. Holds one view at a time. Reads test
 * values, so it is not for processes that answer queries.
 * @param card the folder's card, as `readCard` gives it
 * @returns every check, failed or not
 */
export function checkTable(folder: string, card: TableCard): TableCheck[] {
  const files = card.datasets.flatMap((dataset) => dataset.recipes.flatMap((recipe) => recipe.files));
  const reports = card.importReport === undefined ? [] : [card.importReport];
  const checks = [...files, ...reports].map((file) => checkFile(folder, file));
  const broken = new Set(checks.filter(({ result }) => result === "failed").map(({ subject }) => subject));
  const views = viewsOf(card);
  const found = new Map<CheckedView, ViewChecks>();
  const hash = new SearchContentHash();
  let isHashed = true;
  for (const view of [...views].sort((a, b) => compare(contentKey(a), contentKey(b)))) {
    const { table, mismatch } = loadView(folder, card, view, broken);
    if (table !== null && view.view === "search") hash.add({ ...view, table });
    if (table === null && view.view === "search") isHashed = false;
    found.set(view, checkLoaded(card, { ...view, table }, mismatch));
  }
  const inOrder = views.map((view) => found.get(view) as ViewChecks);
  return [
    ...checks,
    ...inOrder.flatMap(({ mismatch }) => mismatch),
    checkHash(card, isHashed ? hash.digest() : null),
    ...inOrder.flatMap((view) => view.checks),
    ...card.expectedOptima.map((expected, at) => {
      const check = inOrder.flatMap(({ optima }) => optima.get(at) ?? [])[0];
      const problem = `the table has no ${VIEW_OF_SPLIT[expected.split]} view of it`;
      return check ?? outcome("optimum", subjectOf(expected), "nothing", [problem]);
    }),
  ];
}

/** All problems of a table's checks as one error, or null if there are none. */
export function checkFailure(folder: string, checks: readonly TableCheck[]): HarnessError | null {
  const failed = checks.filter(({ result }) => result === "failed");
  if (failed.length === 0) return null;
  const problems = failed.flatMap(({ check, subject, problems: list }) =>
    list.map((problem) => `- ${check}, ${subject}: ${problem}`),
  );
  return new HarnessError("NAS_TABLE_CHECK_FAILED", {
    what: `${failed.length} of ${checks.length} checks failed`,
    where: [folder, ...problems].join("\n"),
    next: "make the table again (nas-harness table import --help), or restore it from a copy",
  });
}
