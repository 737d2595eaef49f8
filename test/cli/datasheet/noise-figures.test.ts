import { describe, expect, test } from "vitest";
import { noiseFigures } from "../../../core/cli/datasheet/noise-figures.ts";
import { Random } from "../../../core/random/random.ts";
import { hashOf } from "../../../core/random/seed.ts";
import { classRepresentatives } from "../../../core/space/classes.ts";
import { isReachable } from "../../../core/space/reachability.ts";
import { varianceComponents } from "../../../core/statistics/variance-components.ts";
import { temporaryFolder } from "../../helpers/temporary-folder.ts";
import { FULL, type KnownTraining, knownValues } from "./known-table.ts";

/** 600 connected classes whose true accuracies have a deviation of 2 and whose seeds one of 1. */
const CLASSES = classRepresentatives().filter(isReachable).slice(0, 600);

const normal = (...names: (string | number)[]) => new Random(hashOf(["noise test", ...names])).normal();

function accuracy({ recipe, seed, architecture, split }: KnownTraining): number {
  return 75 + 2 * normal(architecture) + normal(recipe.id, seed, architecture, split);
}

const of = (figures: ReturnType<typeof noiseFigures>, recipe: string, split: string, selection: string) =>
  figures.seeds.find((own) => own.recipe === recipe && own.split === split && own.selection === selection)!;

describe("of a table with known noise", () => {
  const values = () => knownValues(temporaryFolder(), { classes: CLASSES, accuracy });

  test("all classes: the components of the analysis of variance", () => {
    const read = values();
    const figures = noiseFigures(read);
    const seeds = read.main.accuracies("test");
    const { within, between } = varianceComponents(CLASSES.map((_, at) => seeds.map((own) => own[at]!)));
    const own = of(figures, "full", "test", "all");
    expect(own).toMatchObject({ classes: 600, seeds: 3, seedDeviation: Math.sqrt(within) });
    expect(own.standardError).toBeCloseTo(Math.sqrt(within / 3), 12);
    expect(own.classDeviation).toBeCloseTo(Math.sqrt(between), 12);
    expect(own.noiseOfSingle).toBeCloseTo(within / (within + between), 12);
    expect(own.noiseOfMean).toBeCloseTo(within / 3 / (within / 3 + between), 12);
    // As it was made: deviations 1 and 2, so a fifth and a thirteenth.
    expect(Math.abs(own.seedDeviation - 1)).toBeLessThan(0.08);
    expect(Math.abs(own.noiseOfSingle! - 1 / 5)).toBeLessThan(0.04);
    expect(Math.abs(own.noiseOfMean! - 1 / 13)).toBeLessThan(0.02);
  });

  test("top 10 %: the noise is not made smaller by choosing classes for their luck", () => {
    const read = values();
    const own = of(noiseFigures(read), "full", "test", "top");
    expect(own.classes).toBe(60);
    expect(Math.abs(own.seedDeviation - 1)).toBeLessThan(0.15);
    // Averaged over the three ways to let one seed choose for the other two.
    const seeds = read.main.accuracies("test");
    const rounds = [0, 1, 2].map((chooser) => {
      const order = CLASSES.map((_, at) => at).sort((a, b) => seeds[chooser]![b]! - seeds[chooser]![a]! || a - b);
      const others = [0, 1, 2].filter((seed) => seed !== chooser);
      return varianceComponents(order.slice(0, 60).map((at) => others.map((seed) => seeds[seed]![at]!)));
    });
    const mean = (part: "within" | "between") => rounds.reduce((sum, round) => sum + round[part], 0) / 3;
    expect(own.seedDeviation).toBeCloseTo(Math.sqrt(mean("within")), 10);
    expect(own.classDeviation).toBeCloseTo(Math.sqrt(Math.max(0, mean("between"))), 10);
    // Among classes chosen by another recipe's accuracies as well.
    expect(Math.abs(of(noiseFigures(read), "short", "valid", "top").seedDeviation - 1)).toBeLessThan(0.25);
  });

  test("the highest mean promises too much, and the seed that was left out shows it", () => {
    const { nearBest } = noiseFigures(values());
    expect(nearBest!.bestOnLeftOutSeed).toBeLessThan(nearBest!.best - 0.3);
    expect(nearBest!.withinOneError).toBeLessThanOrEqual(nearBest!.withinTwoErrors);
    expect(nearBest!.withinTwoErrors).toBeLessThanOrEqual(nearBest!.withinTwoErrorsOfDifference);
    expect(nearBest!.twoErrorsOfDifference).toBeCloseTo(2 * Math.sqrt(2) * nearBest!.standardError, 12);
  });
});

test("classes near the best, by hand", () => {
  // Test accuracies of class `at`: mean - 1, mean, mean + 1 by seed: variance 1 in each class.
  const means = [80, 79.5, 79.1, 78.9, 78.5, 78.2, 70, 70, 70, 70];
  const classes = CLASSES.slice(0, 10);
  const table = {
    classes,
    accuracy: ({ seed, architecture }: KnownTraining) => means[classes.indexOf(architecture)]! + seed - 2,
  };
  const { nearBest, sampling, seedMeans } = noiseFigures(knownValues(temporaryFolder(), table));
  // One class is the top tenth, so all ten say how large the noise is: a standard error of 1 / sqrt(3) = 0.577.
  expect(nearBest).toMatchObject({ best: 80, selection: "all" });
  expect(nearBest!.standardError).toBeCloseTo(1 / Math.sqrt(3), 10);
  // 79.42 and up; 78.85 and up; 78.37 and up.
  expect(nearBest!.withinOneError).toBe(2);
  expect(nearBest!.withinTwoErrors).toBe(4);
  expect(nearBest!.withinTwoErrorsOfDifference).toBe(5);
  // Class 0 is best by any two seeds.
  expect(nearBest!.bestOnLeftOutSeed).toBeCloseTo(80, 10);
  expect(sampling.images).toBe(24);
  expect(sampling.atBest).toBeCloseTo(Math.sqrt((80 * 20) / 24), 10);
  expect(seedMeans.find(({ recipe, seed }) => recipe === "full" && seed === 3)!.accuracy).toBeCloseTo(76.42, 10);
});

test("a single seed and a single class tell nothing of noise", () => {
  const parts = [{ recipe: FULL, seeds: [1] as [number] }];
  const single = noiseFigures(knownValues(temporaryFolder(), { classes: CLASSES.slice(0, 9), parts, accuracy }));
  expect(single).toMatchObject({ seeds: [], nearBest: null });
  const one = noiseFigures(knownValues(temporaryFolder(), { classes: CLASSES.slice(0, 1), accuracy }));
  expect(one).toMatchObject({ seeds: [], nearBest: null });
});
