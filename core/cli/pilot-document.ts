import type { Recipe } from "../../schemas/generated/recipe.ts";
import { type PilotRow, pilotCells } from "./pilot-report.ts";
import { LONGER, type PilotTrainings } from "./pilot-trainings.ts";

/** What a pilot's document is made from. */
export interface PilotDocument {
  /** The command line that makes it. */
  readonly command: string;
  readonly dataset: { readonly name: string; readonly version: string; readonly title: string };
  readonly trainings: PilotTrainings;
  readonly rows: readonly PilotRow[];
  /** The table whose CIFAR-10 ranks are compared, or null. */
  readonly reference: string | null;
}

function markdownTable([header, ...rows]: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const columns = header as readonly string[];
  return [line(columns), line(columns.map((_, at) => (at === 0 ? "---" : "---:"))), ...rows.map(line)].join("\n");
}

function settingsOf(recipe: Recipe): string[] {
  const { network, epochs, imagesPerEpoch, batchSize, optimiser, augmentation, evaluation } = recipe;
  const crop = augmentation.cropPadding === 0 ? [] : [`crop after padding by ${augmentation.cropPadding}`];
  const augmented = [...(augmentation.flip ? ["flip"] : []), ...crop];
  const all = (count: number | null | undefined) => String(count ?? "all");
  return [
    recipe.id,
    String(network.channels),
    String(network.cellsPerStage),
    `${epochs} x ${all(imagesPerEpoch)}`,
    String(batchSize),
    String(optimiser.learningRate),
    augmented.length === 0 ? "none" : augmented.join(", "),
    [evaluation.train, evaluation.valid, evaluation.test].map(all).join(" / "),
  ];
}

function settingsTable(candidates: readonly Recipe[]): string {
  const header = ["recipe", "channels", "cells a stage", "epochs x images", "batch", "learning rate", "augmentation"];
  return markdownTable([[...header, "evaluated after an epoch"], ...candidates.map(settingsOf)]);
}

function agreementTable(rows: readonly PilotRow[]): string {
  const tau = (row: PilotRow, other: PilotRow) => row.tauWithCandidates[other.recipe]?.toFixed(2) ?? "";
  return markdownTable([
    ["", ...rows.map(({ recipe }) => recipe)],
    ...rows.map((row) => [row.recipe, ...rows.map((other) => tau(row, other))]),
  ]);
}

const reading = (hasReference: boolean) => `
- **GMAC**: mean cost of a training in 10^9 multiply-accumulates; a trained image counts three times, an evaluated one once.
- **mean, lowest, highest**: test accuracy in percent after the last epoch, on all test images, mean over the seeds.
- **sd cells, sd seeds**: standard deviation between the means of the classes and, pooled, between the seeds of one class.
- **tau halves**: Kendall's tau-b between the means of two disjoint halves of the seeds, averaged over all such halves: how
  well the ranking repeats itself. **tau top 10 %**: the same among the tenth of the classes that is best in the first half.
${
  hasReference
    ? "- **tau CIFAR-10**: Kendall's tau-b with the CIFAR-10 test accuracies of the same classes in NAS-Bench-201.\n"
    : ""
}- **best ${LONGER}x longer**: test accuracy of the best class (the one with the highest mean) when its training has ${LONGER} times the
  epochs, with the schedule drawn out, mean over the same seeds.`;

/** The pilot as a Markdown document. The same trainings always give the same text. */
export function formatPilotDocument({ command, dataset, trainings, rows, reference }: PilotDocument): string {
  const { classes, seeds, candidates } = trainings;
  const reported = candidates.filter(({ id }) => rows.some(({ recipe }) => recipe === id));
  return `# Pilot: recipes for ${dataset.name}

Generated; do not edit. Made by

\`\`\`
${command}
\`\`\`

${classes.length} random classes of connected cells (always the same ones), seeds ${seeds.join(", ")} (no table uses them), on
${dataset.title}, version ${dataset.version}.

${markdownTable(pilotCells(rows))}
${reading(reference !== null)}

## The candidates

${settingsTable(reported)}

The last column counts training, validation and test images; after the last epoch all validation and test images are
evaluated.

## Do the candidates agree?

Kendall's tau-b between the mean test accuracies of the same classes under two recipes.

${agreementTable(rows)}
`;
}
