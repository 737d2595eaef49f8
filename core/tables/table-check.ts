import type { ExpectedOptimum, TableCard, TableFile } from "../../schemas/generated/table-card.ts";
import { HarnessError } from "../errors/harness-error.ts";
import type { TrialTable, View } from "./column.ts";
import { searchContentHash } from "./content-hash.ts";
import { checkOptimum, keysOf } from "./optimum-check.ts";
import { checkValues, rowProblems } from "./trial-check.ts";
import { readTrials, readVerifiedFile } from "./trial-file.ts";
import { TrialLookup } from "./trial-lookup.ts";

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

/** One view of one (dataset, recipe): its trials, or null where a file is broken. */
interface LoadedView {
  readonly dataset: string;
  readonly recipe: string;
  readonly view: View;
  readonly table: TrialTable | null;
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

function checkFile(folder: string, file: TableFile): TableCheck {
  const problems = problemsOf(() => readVerifiedFile(folder, file));
  return outcome("file", file.path, `${file.bytes} bytes, SHA-256 ${file.sha256.slice(0, 12)}...`, problems);
}

/** Reads the views whose files are whole; a file that its card describes wrongly adds a failed check. */
function loadViews(folder: string, card: TableCard, checks: TableCheck[]): LoadedView[] {
  const broken = new Set(checks.filter(({ result }) => result === "failed").map(({ subject }) => subject));
  return card.datasets.flatMap((dataset) =>
    dataset.recipes.flatMap((recipe) =>
      (["search", "test"] as const).flatMap((view): LoadedView[] => {
        const files = recipe.files.filter((file) => file.view === view);
        if (files.length === 0) return [];
        let table: TrialTable | null = null;
        const whole = files.every((file) => !broken.has(file.path));
        const problems = problemsOf(() => {
          if (whole) table = readTrials(folder, card, dataset.id, recipe.id, view);
        });
        if (problems.length > 0) {
          checks.push(
            outcome("file", files.map((file) => file.path).join(", "), "the card and the file differ", problems),
          );
        }
        return [{ dataset: dataset.id, recipe: recipe.id, view, table }];
      }),
    ),
  );
}

function checkView(card: TableCard, { dataset, recipe, view, table }: LoadedView): TableCheck[] {
  const subject = `${dataset}/${recipe} ${view}`;
  if (table === null) return [skipped("rows", subject), skipped("values", subject)];
  const entry = card.datasets.find(({ id }) => id === dataset)?.recipes.find(({ id }) => id === recipe);
  const expected = (entry?.files ?? [])
    .filter((file) => file.view === view)
    .reduce((total, file) => total + file.rows, 0);
  const rows = table.rows.architecture.length;
  const keys = card.keyedBy === "class" ? "classes" : "architectures";
  const problems = rows === expected ? [] : [`the files hold ${rows} rows, the card says ${expected}`];
  return [
    outcome("rows", subject, `${rows} trials of ${new Set(table.rows.architecture).size} ${keys}`, [
      ...problems,
      ...rowProblems(table, card.keyedBy),
    ]),
    ...table.columns.map((column) => {
      const losses = card.training === undefined ? "finite" : "diverging";
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

function checkHash(card: TableCard, views: readonly LoadedView[]): TableCheck {
  const contents = views
    .filter(({ view }) => view === "search")
    .flatMap(({ dataset, recipe, table }) => (table === null ? [] : [{ dataset, recipe, table }]));
  if (contents.length < views.filter(({ view }) => view === "search").length) return skipped("content hash", "search");
  const hash = searchContentHash(contents);
  const problems = hash === card.searchContentHash ? [] : [`it is ${hash}, the card says ${card.searchContentHash}`];
  return outcome("content hash", "search", `${hash.slice(0, 12)}...`, problems);
}

function checkPublished(card: TableCard, views: readonly LoadedView[], expected: ExpectedOptimum): TableCheck {
  const { dataset, recipe, split, epoch } = expected;
  const subject = `${dataset}/${recipe} ${split} at epoch ${epoch}`;
  const wanted = split === "valid" ? "search" : "test";
  const view = views.find((entry) => entry.dataset === dataset && entry.recipe === recipe && entry.view === wanted);
  if (view === undefined) return outcome("optimum", subject, "nothing", [`the table has no ${wanted} view of it`]);
  if (view.table === null) return skipped("optimum", subject);
  const { best, problems } = checkOptimum(new TrialLookup(view.table, card.keyedBy), keysOf(card), expected);
  const found = best === null ? "nothing" : `${best.accuracy.toFixed(2)} of architecture ${best.architecture}`;
  return outcome("optimum", subject, found, problems);
}

/**
 * Checks a table: sizes and SHA-256 of its files, the content hash, that every architecture (or class) is there in order
 * and no trial twice, the range of every value, and the published optima of its card. Reads test values, so it is not for
 * processes that answer queries.
 * @param card the folder's card, as `readCard` gives it
 * @returns every check, failed or not
 */
export function checkTable(folder: string, card: TableCard): TableCheck[] {
  const files = card.datasets.flatMap((dataset) => dataset.recipes.flatMap((recipe) => recipe.files));
  const checks = files.map((file) => checkFile(folder, file));
  const views = loadViews(folder, card, checks);
  checks.push(checkHash(card, views), ...views.flatMap((view) => checkView(card, view)));
  checks.push(...card.expectedOptima.map((expected) => checkPublished(card, views, expected)));
  return checks;
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
