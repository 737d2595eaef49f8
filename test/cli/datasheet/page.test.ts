import path from "node:path";
import { describe, expect, test } from "vitest";
import { correlationFigures } from "../../../core/cli/datasheet/correlation-figures.ts";
import { correlationSection } from "../../../core/cli/datasheet/correlation-section.ts";
import { type Datasheet, makeDatasheet } from "../../../core/cli/datasheet/datasheet.ts";
import { renderDatasheet } from "../../../core/cli/datasheet/page.ts";
import type { Reference } from "../../../core/cli/datasheet/reference-values.ts";
import { networkSizes, type TrainedValues } from "../../../core/cli/datasheet/trained-values.ts";
import { Random } from "../../../core/random/random.ts";
import { hashOf } from "../../../core/random/seed.ts";
import { classRepresentatives } from "../../../core/space/classes.ts";
import { isReachable } from "../../../core/space/reachability.ts";
import { networkMacs } from "../../../core/training/network-macs.ts";
import { trainedEdges } from "../../../core/training/trial.ts";
import type { DatasetManifest } from "../../../schemas/generated/plugin-manifest.ts";
import type { TableTraining } from "../../../schemas/generated/table-card.ts";
import { temporaryFolder } from "../../helpers/temporary-folder.ts";
import { datasetManifest } from "../../plugins/datasets/dataset-plugin.ts";
import {
  FULL,
  type KnownTable,
  type KnownTraining,
  knownValues,
  SHORT,
  TOY_IMAGES,
  writeKnownTable,
} from "./known-table.ts";

const CLASSES = classRepresentatives().filter(isReachable).slice(0, 200);
const SHAPE = { channels: 8, cellsPerStage: 1, imageSize: 8, imageChannels: 1, classes: 3 };

const normal = (...names: (string | number)[]) => new Random(hashOf(["page test", ...names])).normal();
const megaMacs = (architecture: number) => networkMacs(SHAPE, trainedEdges(architecture)) / 1e6;

/** Accuracies with a deviation between classes and one between seeds. */
const accuracyOf =
  (classes: number, seeds: number) =>
  ({ recipe, seed, architecture, split }: KnownTraining) =>
    70 + classes * normal(architecture) + seeds * normal(recipe.id, seed, architecture, split);

function datasheetOf(table: KnownTable, change: (training: TableTraining) => void = () => {}): Datasheet {
  const folder = temporaryFolder();
  const card = writeKnownTable(folder, table);
  const training = card.training as TableTraining;
  change(training);
  return makeDatasheet({
    folder: path.join(folder, "table"),
    card,
    training,
    manifest: datasetManifest({ name: "toy", images: TOY_IMAGES }) as DatasetManifest,
    plan: null,
    reference: null,
    results: null,
  });
}

const pageOf = (...input: Parameters<typeof datasheetOf>) =>
  renderDatasheet(datasheetOf(...input), { folder: "table", reference: null, results: null });

describe("sentences follow the numbers", () => {
  test("noise among the top: mostly chance, mostly real, or both", () => {
    const noisy = pageOf({ classes: CLASSES, accuracy: accuracyOf(0.3, 2) });
    expect(noisy).toContain("so most of what separates the recorded means of good classes is chance.");
    const clear = pageOf({ classes: CLASSES, accuracy: accuracyOf(3, 0.1) });
    expect(clear).toContain("so most of what separates the recorded means of good classes is real.");
    const between = pageOf({ classes: CLASSES, accuracy: accuracyOf(2.5, 1.1) });
    expect(between).toContain("is chance about as much as it is real.");
  });

  test("the highest mean promises too much, or not", () => {
    expect(pageOf({ classes: CLASSES, accuracy: accuracyOf(0.3, 2) })).toMatch(
      /the highest mean therefore promises about \d\.\d\d points too much/,
    );
    const exact = pageOf({ classes: CLASSES, accuracy: accuracyOf(3, 0) });
    expect(exact).toContain("here the highest mean does not promise too much");
    expect(exact).toContain("**The best class is told from all others.**");
    expect(exact).toContain("no other class comes that near.");
  });

  test("size says more than a cheap training, or less", () => {
    const bySize = ({ recipe, seed, architecture, split }: KnownTraining) =>
      recipe.id === "full" ? 20 + 60 * megaMacs(architecture) : 50 + normal(seed, architecture, split);
    expect(pageOf({ classes: CLASSES, accuracy: bySize })).toContain("One training of `short` says no more (");
    expect(pageOf({ classes: CLASSES, accuracy: accuracyOf(3, 0.1) })).toContain("One training of `short` says more (");
  });

  test("diverged trainings", () => {
    const table = { classes: CLASSES.slice(0, 20), accuracy: accuracyOf(1, 1) };
    expect(pageOf(table)).toContain("No training diverged.");
    const diverges = ({ recipe, architecture }: { recipe: { id: string }; architecture: number }) =>
      recipe.id === "short" && architecture === CLASSES[3];
    expect(pageOf({ ...table, diverges })).toContain(
      "In 2 trainings of 100 some loss was no number or infinite. They went on to their last epoch and count like any other",
    );
  });

  test("classes that are the same network", () => {
    // 14, 263 and 1018 differ in edges that lead nowhere.
    const same = pageOf({ classes: [14, 19, 263, 1018], accuracy: () => 50 });
    expect(same).toContain("They are 2 different networks: 2 classes differ from another only in edges");
    expect(pageOf({ classes: [14, 19], accuracy: () => 50 })).toContain(
      "No two classes were trained as the same network.",
    );
  });

  test("one recipe, one seed, every class connected", () => {
    const page = pageOf({ classes: CLASSES, parts: [{ recipe: SHORT, seeds: [3] }], accuracy: accuracyOf(2, 1) });
    expect(page).toContain("There is one recipe, `short`.");
    expect(page).toContain("`short` has one seed, so nothing is known of the noise there.");
    expect(page).toContain("How many classes can't be told from the best one is not known");
    expect(page).toContain("The seed noise of its final accuracies is not known");
    expect(page).toContain("**Every class is connected**");
    expect(page).toContain("The table has 1 seed of `short`. Report regret");
    expect(page).not.toContain("two standard errors of a difference");
    expect(page).not.toContain("Between seeds: what");
    expect(page).not.toMatch(/NaN|undefined|null|Infinity/);
  });

  test("values that are all equal", () => {
    const page = pageOf({ classes: [0, 12], accuracy: () => 50 });
    expect(page).toContain("2 classes share that mean");
    expect(page).not.toMatch(/NaN|undefined|null|Infinity/);
  });

  test("the words of a card are no markup", () => {
    const page = pageOf({ classes: [0, 1], accuracy: () => 50 }, ({ cost }) => {
      cost.fit = "<script> | R2 0.9 |";
    });
    expect(page).toContain("in the words of the card: &lt;script&gt; \\| R2 0.9 \\|");
    expect(page).not.toContain("<script>");
  });
});

describe("a reference", () => {
  const values = (): TrainedValues => knownValues(temporaryFolder(), { classes: CLASSES, accuracy: accuracyOf(3, 0) });
  const textWith = (read: TrainedValues, columns: Reference["columns"]) => {
    const reference: Reference = { id: "other", version: "1.0.0", searchContentHash: "c".repeat(64), columns };
    return correlationSection(read, correlationFigures(read, columns), reference).join("\n");
  };

  test("that this table predicts better than size, less well, or in part", () => {
    const read = values();
    const own = read.main.means("test");
    const { macs } = networkSizes(read, read.main);
    const [a, b] = [
      { name: "CIFAR-10", accuracies: own },
      { name: "CIFAR-100", accuracies: macs },
    ];
    expect(textWith(read, [a!, a!, a!])).toContain("so this table predicts all three better than size does.");
    expect(textWith(read, [b!, b!, b!])).toContain(
      "so size predicts each of the three at least as well as this table does.",
    );
    expect(textWith(read, [a!, b!, b!])).toContain("so only CIFAR-10 is predicted better by this table than by size.");
  });
});

test("every cell of the recipe table is there, and the seeds of both recipes", () => {
  const page = pageOf({ classes: CLASSES.slice(0, 5), accuracy: accuracyOf(1, 1) });
  expect(page).toContain("| epochs x images | 2 x 16 | 3 x 48 |");
  expect(page).toContain(
    "| images drawn in all | 32 (0.67 passes over the training split) | 144 (3.00 passes over the training split) |",
  );
  expect(page).toContain(`seed 1 | seed 2 | seed 3 |`);
  expect(page).toContain(FULL.id);
  expect(page).toContain(
    "| augmentation | a left-right flip with probability 1/2 and a random crop after padding by 1 black pixel |",
  );
});
