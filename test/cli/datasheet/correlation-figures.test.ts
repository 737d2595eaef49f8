import { describe, expect, test } from "vitest";
import { correlationFigures, rungEpochs } from "../../../core/cli/datasheet/correlation-figures.ts";
import { selectedPositions } from "../../../core/cli/datasheet/selections.ts";
import { networkSizes } from "../../../core/cli/datasheet/trained-values.ts";
import { Random } from "../../../core/random/random.ts";
import { hashOf } from "../../../core/random/seed.ts";
import { classRepresentatives } from "../../../core/space/classes.ts";
import { kendallTauB } from "../../../core/statistics/rank-correlation.ts";
import { temporaryFolder } from "../../helpers/temporary-folder.ts";
import { FULL, type KnownTraining, knownValues } from "./known-table.ts";

/** Five of them are not connected. */
const CLASSES = classRepresentatives().slice(0, 900);

const normal = (...names: (string | number)[]) => new Random(hashOf(["correlation test", ...names])).normal();

function accuracy({ recipe, seed, architecture, split, epoch }: KnownTraining): number {
  return 60 + 3 * normal(architecture) + (4 / epoch) * normal(recipe.id, seed, architecture, split, epoch);
}

const values = () => knownValues(temporaryFolder(), { classes: CLASSES, accuracy });

test("rungs: the last epoch, a third of it, a ninth", () => {
  expect(rungEpochs(9)).toEqual([1, 3, 9]);
  expect(rungEpochs(10)).toEqual([1, 3, 10]);
  expect(rungEpochs(200)).toEqual([1, 2, 7, 22, 67, 200]);
  expect(rungEpochs(2)).toEqual([1, 2]);
  expect(rungEpochs(1)).toEqual([1]);
});

describe("rows of a table", () => {
  test("single trainings and means against the test mean, over each selection", () => {
    const read = values();
    const { rows } = correlationFigures(read, []);
    const target = read.main.means("test");
    const positions = selectedPositions(read);
    const tau = (x: Float64Array, at: readonly number[]) =>
      kendallTauB(
        at.map((own) => x[own]!),
        at.map((own) => target[own]!),
      )!;
    const row = (first: string) => rows.find((own) => own.first === first && own.second === "full: test")!;
    const short = read.others[0]!;
    for (const selection of ["all", "connected", "top"] as const) {
      const at = positions[selection];
      expect(row("short: validation, mean of 2 seeds").tau[selection]).toBe(tau(short.means("valid"), at));
      const singles = short.accuracies("valid", 1).map((own) => tau(own, at));
      expect(row("short: validation after epoch 1, one seed").tau[selection]).toBeCloseTo(
        (singles[0]! + singles[1]!) / 2,
        12,
      );
      expect(row("full: validation, mean of 3 seeds").tau[selection]).toBe(tau(read.main.means("valid"), at));
      const { macs, parameters } = networkSizes(read, read.main);
      expect(row("MACs").tau[selection]).toBe(tau(macs, at));
      expect(row("parameters").tau[selection]).toBe(tau(parameters, at));
    }
    expect(row("short: validation, one seed").averaged).toBe(2);
    expect(row("full: validation after epoch 3, one seed").averaged).toBe(3);
  });

  test("between seeds every pair counts, and the top is chosen by the others", () => {
    const read = values();
    const own = correlationFigures(read, []).rows.find(({ first }) => first === "full: test, one seed")!;
    const seeds = read.main.accuracies("test");
    const pairs = [
      [0, 1, 2],
      [0, 2, 1],
      [1, 2, 0],
    ] as const;
    const all = pairs.map(([a, b]) => kendallTauB(seeds[a]!, seeds[b]!)!);
    expect(own.averaged).toBe(3);
    expect(own.tau.all).toBeCloseTo((all[0]! + all[1]! + all[2]!) / 3, 12);
    const top = pairs.map(([a, b, chooser]) => {
      const at = CLASSES.map((_, position) => position)
        .sort((x, y) => seeds[chooser]![y]! - seeds[chooser]![x]! || x - y)
        .slice(0, 90);
      return kendallTauB(
        at.map((position) => seeds[a]![position]!),
        at.map((position) => seeds[b]![position]!),
      )!;
    });
    expect(own.tau.top).toBeCloseTo((top[0]! + top[1]! + top[2]!) / 3, 12);
    // Chosen by their own mean, one seed's luck would make up for the other's: a tau below what there is.
    const chosen = selectedPositions(read).top;
    const biased = kendallTauB(
      chosen.map((at) => seeds[0]![at]!),
      chosen.map((at) => seeds[1]![at]!),
    )!;
    expect(biased).toBeLessThan(own.tau.top!);
  });

  test("a reference is compared with the table, with size and with the other references", () => {
    const read = values();
    const same = Float64Array.from(read.main.means("test"));
    const reversed = same.map((value) => -value);
    const { rows } = correlationFigures(read, [
      { name: "A", accuracies: same },
      { name: "B", accuracies: reversed },
    ]);
    const own = (kind: string) => rows.filter((row) => row.kind === kind);
    expect(own("reference").map(({ first, tau }) => [first, tau.all])).toEqual([
      ["A", 1],
      ["B", -1],
    ]);
    expect(own("scale").map(({ first, second }) => [first, second])).toEqual([
      ["MACs", "A"],
      ["MACs", "B"],
      ["A", "B"],
    ]);
    expect(own("scale")[2]!.tau.all).toBe(-1);
    expect(own("scale")[0]!.tau.all).toBe(-own("scale")[1]!.tau.all!);
  });

  test("numbers of classes, and what chance gives", () => {
    const { classes, chance } = correlationFigures(values(), []);
    expect(classes).toEqual({ all: 900, connected: 895, top: 90 });
    expect(chance.top).toBeCloseTo(Math.sqrt((2 * 185) / (9 * 90 * 89)), 12);
    // Of random rankings of 90 items, taus have that deviation.
    const random = new Random(hashOf(["chance"]));
    const items = Array.from({ length: 90 }, (_, at) => at);
    const taus = Array.from({ length: 2000 }, () => kendallTauB(items, random.shuffle([...items]))!);
    const deviation = Math.sqrt(taus.reduce((sum, tau) => sum + tau * tau, 0) / taus.length);
    expect(Math.abs(deviation / chance.top! - 1)).toBeLessThan(0.06);
  });
});

test("a single recipe with a single seed on two classes", () => {
  const parts = [{ recipe: FULL, seeds: [1] as [number] }];
  const { rows, classes, chance } = correlationFigures(
    knownValues(temporaryFolder(), { classes: [0, 12], parts, accuracy }),
    [],
  );
  expect(rows.filter(({ kind }) => kind === "seeds")).toEqual([]);
  expect(rows.map(({ first }) => first)).not.toContain("full: validation, mean of 1 seeds");
  expect(classes).toEqual({ all: 2, connected: 1, top: 1 });
  expect(chance).toMatchObject({ connected: null, top: null });
  expect(rows.every(({ tau }) => tau.connected === null)).toBe(true);
});
