import { DRAWS, type GainFigures, type GainRow } from "./gain-figures.ts";
import { code, fixed, listed, paragraphs, percentage, table } from "./markdown.ts";
import type { TrainedValues } from "./trained-values.ts";

const HEAD = DRAWS.map((draws) =>
  draws === null ? "every cell" : draws === 1 ? "1 cell" : `${fixed(draws, 0)} cells`,
);

const accuracyAfter = (row: GainRow, draws: (typeof DRAWS)[number]) => row.accuracies[DRAWS.indexOf(draws)] as number;

function floorText({ optimum, rows }: GainFigures): string {
  const [, ...seen] = rows;
  const parts = seen.map((row) => `${fixed(optimum - accuracyAfter(row, null))} by "${row.score}"`);
  return `**Regret floor.** Even a method that sees every cell's reward and takes the highest loses points of test accuracy: ${listed(parts)}. Each of these figures depends on the one class with the highest reward (or those that share it), and so on how its trainings came out; those for 100 cells are averages over many picks. More cells are not always better: the highest of many noisy rewards is ever more often a lucky one.`;
}

function gainText({ optimum, randomCell, randomConnectedCell, rows }: GainFigures): string {
  const blind = randomConnectedCell ?? randomCell;
  const last = rows.at(-1) as GainRow;
  const won = (draws: 10 | 100) => percentage((accuracyAfter(last, draws) - blind) / (optimum - blind), 0);
  const connected =
    randomConnectedCell === null || randomConnectedCell === randomCell
      ? ""
      : ` (a random connected one ${fixed(randomConnectedCell)})`;
  const share =
    optimum > blind
      ? ` Picked by "${last.score}", 10 cells win ${won(10)} of that and 100 cells ${won(100)}; what is left for a cleverer method with 100 cells is ${fixed(optimum - accuracyAfter(last, 100))} points.`
      : "";
  return `A random cell has ${fixed(randomCell)} on average${connected}, the best class ${fixed(optimum)}. A search can win at most ${fixed(optimum - blind)} points over a random${connected === "" ? "" : " connected"} cell.${share}`;
}

/** The section on what a search can gain. */
export function gainSection({ main }: TrainedValues, figures: GainFigures): string[] {
  const cells = (row: GainRow) => row.accuracies.map((own) => `${fixed(own)} (${fixed(figures.optimum - own)})`);
  return [
    "## What a search can gain",
    "",
    ...paragraphs(
      `Expected mean test accuracy of ${code(main.recipe.id)} (and in brackets the regret, the points missing to the best class) of the cell that a random search picks, by what it sees of each cell that it draws. Cells are drawn uniformly from the table with replacement, so a class is as likely as it has cells. Exact, from the distribution of the highest of n draws: nothing was sampled.`,
    ),
    ...table(
      ["picked by", ...HEAD],
      figures.rows.map((row) => [row.score, ...cells(row)]),
    ),
    ...paragraphs(gainText(figures), floorText(figures)),
  ];
}
