import path from "node:path";
import { describe, expect, test } from "vitest";
import { networkSizes, readTrainedValues } from "../../../core/cli/datasheet/trained-values.ts";
import { classMembers, classRepresentatives } from "../../../core/space/classes.ts";
import { simulatedMs } from "../../../core/training/cost-model.ts";
import type { TableTraining } from "../../../schemas/generated/table-card.ts";
import { harnessErrorOf } from "../../helpers/harness-error-of.ts";
import { temporaryFolder } from "../../helpers/temporary-folder.ts";
import { FULL, type KnownTraining, knownValues, SHORT, TOY_IMAGES, writeKnownTable } from "./known-table.ts";

/** Ordinary cells, one with dead edges (19), one of zeros (12), all 3x3 (1462). */
const CLASSES = [0, 12, 19, 1462, 4003];

const accuracy = ({ recipe, seed, architecture, split, epoch }: KnownTraining) =>
  (architecture % 89) / 10 +
  seed +
  10 * epoch +
  { train: 0, valid: 20, test: 40 }[split] +
  (recipe.id === "full" ? 5 : 0);

describe("reads a table of two recipes", () => {
  test("accuracies by seed and their means, after any epoch", () => {
    const { recipes, main, others } = knownValues(temporaryFolder(), { classes: CLASSES, accuracy });
    expect(recipes.map(({ recipe }) => recipe.id)).toEqual(["short", "full"]);
    expect(main.recipe).toEqual(FULL);
    expect(others.map(({ recipe }) => recipe)).toEqual([SHORT]);
    expect(main.accuracies("test").map((own) => [...own])).toEqual(
      [1, 2, 3].map((seed) =>
        CLASSES.map((own) => accuracy({ recipe: FULL, seed, architecture: own, split: "test", epoch: 3 })).map(rounded),
      ),
    );
    expect([...others[0]!.means("valid", 1)].map(rounded)).toEqual(
      CLASSES.map((own) =>
        rounded(accuracy({ recipe: SHORT, seed: 1.5, architecture: own, split: "valid", epoch: 1 })),
      ),
    );
    expect([...main.means("test", 3, [0, 2])].map(rounded)).toEqual(
      CLASSES.map((own) => rounded(accuracy({ recipe: FULL, seed: 2, architecture: own, split: "test", epoch: 3 }))),
    );
  });

  test("sizes of classes, connection and costs", () => {
    const values = knownValues(temporaryFolder(), { classes: CLASSES, accuracy });
    expect(values.sizes).toEqual(CLASSES.map((own) => classMembers(own).length));
    expect(values.isConnected).toEqual([true, false, true, true, true]);
    const { macs } = networkSizes(values, values.main);
    const model = values.training.cost;
    expect([...values.main.trainingMs()]).toEqual(
      Array.from(macs, (own) => 3 * simulatedMs(model, own, { trained: 48 })),
    );
    // Twelve images after the other epochs, all of them after the last.
    expect([...values.main.validationMs()]).toEqual(
      Array.from(macs, (own) => simulatedMs(model, own, { evaluated: 24 })),
    );
  });

  test("diverged trainings and weights", () => {
    const diverges = ({ recipe, seed, architecture }: Pick<KnownTraining, "recipe" | "seed" | "architecture">) =>
      recipe.id === "full" && (seed === 2 || architecture === 19);
    const { main, others } = knownValues(temporaryFolder(), { classes: CLASSES, accuracy, diverges });
    expect(main.diverged()).toBe(5 + 2);
    expect(others[0]!.diverged()).toBe(0);
    expect(main.weights().map((own) => own.length)).toEqual([5, 5, 5]);
    expect(new Set(main.weights().flat()).size).toBe(15);
  });
});

test("means of accuracies that are equal but for float32 noise are equal", () => {
  // 85.1 + 85.3 and 85.2 + 85.2: as float32 the sums differ.
  const noisy = ({ seed, architecture }: KnownTraining) => (architecture === 0 ? 85.2 : 85 + seed / 10);
  const parts = [{ recipe: FULL, seeds: [1, 3] as [number, number] }];
  const { main } = knownValues(temporaryFolder(), { classes: [0, 19], parts, accuracy: noisy });
  expect(Math.fround(85.1) + Math.fround(85.3)).not.toBe(2 * Math.fround(85.2));
  const [first, second] = main.means("test");
  expect(first).toBe(second);
});

test("a table that lacks a trial is refused", () => {
  const folder = temporaryFolder();
  const card = writeKnownTable(folder, { classes: CLASSES, accuracy });
  const files = card.datasets[0]!.recipes[0]!.files;
  files.splice(0, files.length, ...files.filter(({ path: file }) => !file.endsWith("search-2.arrow")));
  const read = () => readTrainedValues(path.join(folder, "table"), card, card.training as TableTraining, TOY_IMAGES);
  const error = harnessErrorOf(read);
  expect(error.code).toBe("NAS_TABLE_REFUSED");
  expect(error.details.what).toContain("no trial with seed 2 for class 0 of recipe short");
});

test("a table of all classes covers all 15,625 cells", () => {
  const classes = classRepresentatives();
  const parts = [{ recipe: SHORT, seeds: [1] as [number] }];
  const { sizes, isConnected, others } = knownValues(temporaryFolder(), { classes, parts, accuracy: () => 50 });
  expect(sizes.reduce((sum, own) => sum + own, 0)).toBe(15_625);
  expect(isConnected.filter((own) => !own)).toHaveLength(5);
  expect(others).toEqual([]);
});

/** To four decimals, as percents are read. */
function rounded(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
