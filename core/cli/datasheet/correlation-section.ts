import { type CorrelationFigures, MACS, type RankRow } from "./correlation-figures.ts";
import { code, fixed, listed, paragraphs, percentage, table } from "./markdown.ts";
import type { Reference } from "./reference-values.ts";
import { SELECTION_NAMES, SELECTIONS } from "./selections.ts";
import type { TrainedValues } from "./trained-values.ts";

const DIGITS = 3;

const TITLES: Readonly<Record<RankRow["kind"], string>> = {
  seeds: "Between seeds: what a ranking by one training is worth",
  recipe: "What a search sees against what it is judged by",
  epochs: "Stopped early",
  size: "Size alone",
  reference: "The real NAS-Bench-201",
  scale: "For scale: what the real datasets agree on",
};

function rowCells({ first, second, averaged, tau }: RankRow): string[] {
  const name = averaged > 1 ? `${first} (mean of ${averaged} taus)` : first;
  return [name, second, ...SELECTIONS.map((selection) => fixed(tau[selection], DIGITS))];
}

/** `0.61 (80.5 % of pairs)`. */
function tauText(tau: number | null): string {
  return tau === null ? "not known" : `${fixed(tau, DIGITS)} (${percentage((1 + tau) / 2)} of pairs in the same order)`;
}

function readingText(main: string, { classes, chance }: CorrelationFigures): string {
  const parts = SELECTIONS.filter((selection) => chance[selection] !== null).map(
    (selection) =>
      `${fixed(chance[selection], DIGITS)} over ${SELECTION_NAMES[selection]} (${fixed(classes[selection], 0)})`,
  );
  const noise =
    parts.length === 0
      ? ""
      : ` Rankings that have nothing to do with each other have a tau of 0 give or take a standard deviation of ${listed(parts)}; taus of that size mean nothing.`;
  return `Kendall's tau-b: 1 is the same order, 0 no relation, -1 the reverse; without ties (1 + tau) / 2 of all pairs stand in the same order. The top 10 % are the tenth of the classes with the highest mean test accuracy of ${code(main)}; as far as those means are noise, no predictor can follow them there. Between seeds the top 10 % are chosen by trainings that are not compared, as under "Noise floor".${noise}`;
}

function ofKind(figures: CorrelationFigures, kind: RankRow["kind"]): RankRow[] {
  return figures.rows.filter((row) => row.kind === kind);
}

function searchText(values: TrainedValues, figures: CorrelationFigures): string {
  const { main, others } = values;
  const own = others[0] ?? main;
  const row = ofKind(figures, "recipe").find(({ recipe }) => recipe === own.recipe.id);
  if (row === undefined) return "";
  const shares =
    others.length === 0
      ? " It shares its trainings, and so their luck, with the test accuracy."
      : ` Rows of ${code(main.recipe.id)} itself share their trainings, and so their luck, with the test accuracy; rows of ${listed(others.map(({ recipe }) => code(recipe.id)))} don't.`;
  return `One validation accuracy of ${code(own.recipe.id)} orders all classes by the final test accuracy with a tau of ${tauText(row.tau.all)}, and the top 10 % with ${tauText(row.tau.top)}.${shares}`;
}

function sizeText({ main, others }: TrainedValues, figures: CorrelationFigures): string {
  const id = (others[0] ?? main).recipe.id;
  const [parameters, macs] = ofKind(figures, "size").map(({ tau }) => tau.connected);
  const signal = ofKind(figures, "recipe").find(({ recipe }) => recipe === id)?.tau.connected ?? null;
  if (parameters == null || macs == null || signal === null) return "";
  const verdict =
    Math.max(parameters, macs) >= signal
      ? `One training of ${code(id)} says no more (${fixed(signal, DIGITS)}), so compare a method with picking the largest cell.`
      : `One training of ${code(id)} says more (${fixed(signal, DIGITS)}).`;
  return `Counting parameters gives ${fixed(parameters, DIGITS)} and counting MACs ${fixed(macs, DIGITS)} over connected classes, without any training. ${verdict}`;
}

/** Whether size alone predicts the real rankings better than the table does. */
function sizeVerdict(real: readonly RankRow[], figures: CorrelationFigures): string {
  const sizes = ofKind(figures, "scale").filter(({ first }) => first === MACS);
  const better = real.filter(({ first, tau }) => {
    const size = sizes.find(({ second }) => second === first)?.tau.connected ?? null;
    return size !== null && tau.connected !== null && tau.connected > size;
  });
  const names = listed(better.map(({ first }) => first));
  const taus = listed(sizes.map(({ tau }) => fixed(tau.connected, DIGITS)));
  const verdict =
    better.length === real.length
      ? "so this table predicts all three better than size does"
      : better.length === 0
        ? "so size predicts each of the three at least as well as this table does"
        : `so only ${names} is predicted better by this table than by size`;
  return `MACs alone have ${taus} with them over connected classes, ${verdict}.`;
}

function referenceText(figures: CorrelationFigures, reference: Reference | null): string {
  if (reference === null) {
    return "How far this ranking agrees with the real NAS-Bench-201 is not on this page: no reference was given.";
  }
  const real = ofKind(figures, "reference");
  const scale = ofKind(figures, "scale").filter(({ first }) => first !== MACS);
  const taus = (rows: readonly RankRow[], selection: "connected" | "top") =>
    listed(rows.map(({ tau }) => fixed(tau[selection], DIGITS)));
  return `Reference: ${code(reference.id)} ${reference.version}, content hash ${code(reference.searchContentHash)}; test accuracy after 200 epochs, mean over the cells of each class. With ${listed(real.map(({ first }) => first))} this table's ranking has taus of ${taus(real, "connected")} over connected classes and ${taus(real, "top")} among its top 10 %. With one another the three have ${taus(scale, "connected")} over connected classes and ${taus(scale, "top")} among those 10 %: where this table has less, it ranks otherwise than they do, and conclusions drawn here need not hold there. ${sizeVerdict(real, figures)}`;
}

/** The section on rank correlations. */
export function correlationSection(
  values: TrainedValues,
  figures: CorrelationFigures,
  reference: Reference | null,
): string[] {
  const text: Readonly<Record<RankRow["kind"], string>> = {
    seeds: "",
    recipe: searchText(values, figures),
    epochs: epochsText(values),
    size: sizeText(values, figures),
    reference: referenceText(figures, reference),
    scale: "",
  };
  const kinds = Object.keys(TITLES) as RankRow["kind"][];
  return [
    "## Rank correlations",
    "",
    ...paragraphs(readingText(values.main.recipe.id, figures)),
    ...kinds.flatMap((kind) => {
      const rows = ofKind(figures, kind);
      const empty = rows.length === 0;
      if (empty && text[kind] === "") return [];
      const head = ["", "with", ...SELECTIONS.map((selection) => SELECTION_NAMES[selection])];
      return [
        `### ${TITLES[kind]}`,
        "",
        ...(empty ? [] : table(head, rows.map(rowCells), 2)),
        ...paragraphs(text[kind]),
      ];
    }),
  ];
}

function epochsText({ recipes, images }: TrainedValues): string {
  const parts = recipes.map(({ recipe }) => {
    const count = Math.min(recipe.evaluation.valid ?? images.valid, images.valid);
    return `${code(recipe.id)} on ${fixed(count, 0)} of ${fixed(images.valid, 0)} validation images`;
  });
  return `The learning rate falls over the whole schedule, so a stopped training is not a finished short one. Before the last epoch accuracies are measured on a part of the images: ${parts.join("; ")}.`;
}
