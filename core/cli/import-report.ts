import { formatFinding } from "../importers/findings.ts";
import { type ImportReport, REPORT_NAME, type RecipeReport } from "../importers/pipeline/import-report.ts";
import { ARCHITECTURE_COUNT } from "../space/operations.ts";
import { columns } from "./terminal.ts";

const NAMED = 5;

function seedsText({ seeds }: RecipeReport): string {
  return seeds
    .map(({ seed, trials, architecturesWithout: without }) =>
      without === 0 ? `${seed}: ${trials}` : `${seed}: ${trials} (${without} architectures without)`,
    )
    .join(", ");
}

function recipeLines(recipes: readonly RecipeReport[]): string {
  const header = ["dataset", "recipe", "architectures", "trials", "trials by seed"];
  const rows = recipes.map((recipe) => [
    recipe.dataset,
    recipe.recipe,
    `${recipe.architectures}`,
    `${recipe.trials}`,
    seedsText(recipe),
  ]);
  return columns([header, ...rows]);
}

function sizeLine({ sizes }: ImportReport): string[] {
  if (sizes.architectures === 0) return [];
  const named = [...new Set(sizes.differences.map(({ architecture }) => architecture))].slice(0, NAMED);
  const more = sizes.architectures > named.length ? ", ..." : "";
  return [
    `parameters or FLOPs of ${sizes.architectures} architectures are recorded otherwise than their network has them (${named.join(", ")}${more})`,
  ];
}

function divergedLines(recipes: readonly RecipeReport[]): string[] {
  return recipes.flatMap(({ dataset, recipe, diverged }) =>
    diverged.map(
      ({ metric, values, trials }) =>
        `${metric} of ${dataset}/${recipe} is no finite number at ${values} epochs of ${trials} trials`,
    ),
  );
}

function timeLines({ recipes, equalTimes }: ImportReport): string[] {
  const constant = recipes.filter(({ constantTimes }) => constantTimes.length > 0).length;
  return [
    ...(constant === 0
      ? []
      : [`seconds are the same at every epoch of a trial in ${constant} of ${recipes.length} recipes of datasets`]),
    ...(equalTimes.length === 0
      ? []
      : [
          `${equalTimes.flat().length} columns of seconds are equal to another one's in every architecture (equalTimes in ${REPORT_NAME})`,
        ]),
  ];
}

/** An import report as text, a line for each thing that was found. */
export function formatReport(report: ImportReport): string {
  const { architectures, sharedResults: shared, repeatedResults: repeated, checksum, optima } = report;
  const found = [
    ...(architectures.missing === 0
      ? []
      : [
          `a part: ${architectures.present} of ${ARCHITECTURE_COUNT} architectures; protocols refuse it where they need others`,
        ]),
    ...(checksum === null
      ? []
      : [`${checksum.digits} in the file's name is of its ${checksum.algorithm}, ${checksum.checksum}`]),
    ...(shared.trials === 0
      ? []
      : [
          `${shared.trials} trials of ${shared.architectures} architectures (${shared.connectedArchitectures} connected) have the same results as one of another`,
        ]),
    ...(repeated.trials === 0
      ? []
      : [
          `${repeated.trials} trials of ${repeated.architectures} architectures have the same results under different seeds`,
        ]),
    ...sizeLine(report),
    ...report.findings.map(formatFinding),
    ...divergedLines(report.recipes),
    ...timeLines(report),
    ...optima.flatMap(({ dataset, split, accuracy, found: best, problems }) =>
      problems.length > 0 || best === null
        ? []
        : [
            `the published best of ${dataset} ${split}, ${accuracy.toFixed(2)}, is that of the table (architecture ${best.architecture})`,
          ],
    ),
  ];
  return [recipeLines(report.recipes), "", ...found.map((line) => `- ${line}`)].join("\n");
}
