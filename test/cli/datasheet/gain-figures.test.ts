import { describe, expect, test } from "vitest";
import { DRAWS, gainFigures } from "../../../core/cli/datasheet/gain-figures.ts";
import { Random } from "../../../core/random/random.ts";
import { hashOf } from "../../../core/random/seed.ts";
import { classMembers, classRepresentatives } from "../../../core/space/classes.ts";
import { isReachable } from "../../../core/space/reachability.ts";
import { temporaryFolder } from "../../helpers/temporary-folder.ts";
import { type KnownTraining, knownValues, SHORT } from "./known-table.ts";

const CLASSES = classRepresentatives().slice(0, 300);

const normal = (...names: (string | number)[]) => new Random(hashOf(["gain test", ...names])).normal();

function accuracy({ recipe, seed, architecture, split }: KnownTraining): number {
  return 70 + 3 * normal(architecture) + 2 * normal(recipe.id, seed, architecture, split);
}

describe("of a known table", () => {
  const read = knownValuesOnce();
  /** Every architecture of the table, by position of its class. */
  const architectures = CLASSES.flatMap((own, at) => classMembers(own).map(() => at));

  test("one cell: the mean over all architectures, whatever is seen", () => {
    const values = read().main.means("test");
    const mean = architectures.reduce((sum, at) => sum + values[at]!, 0) / architectures.length;
    const { rows, randomCell, randomConnectedCell, optimum } = gainFigures(read());
    for (const { accuracies } of rows) expect(accuracies[0]).toBeCloseTo(mean, 10);
    expect(randomCell).toBeCloseTo(mean, 10);
    const connected = architectures.filter((at) => isReachable(CLASSES[at]!));
    expect(connected.length).toBeLessThan(architectures.length);
    const connectedMean = connected.reduce((sum, at) => sum + values[at]!, 0) / connected.length;
    expect(randomConnectedCell).toBeCloseTo(connectedMean, 10);
    expect(optimum).toBe(Math.max(...values));
  });

  test("every cell: the class with the highest score", () => {
    const { main, others } = read();
    const values = main.means("test");
    const best = (scores: Float64Array) => values[scores.indexOf(Math.max(...scores))]!;
    const { rows, optimum } = gainFigures(read());
    const last = new Map(rows.map(({ score, accuracies }) => [score, accuracies.at(-1)!]));
    expect([...last.keys()]).toEqual([
      "full: test itself, which no search may see",
      "full: validation, mean of 3 seeds",
      "full: validation, one seed at random",
      "short: validation, mean of 2 seeds",
      "short: validation, one seed at random",
    ]);
    expect(last.get("full: test itself, which no search may see")).toBe(optimum);
    expect(last.get("full: validation, mean of 3 seeds")).toBe(best(main.means("valid")));
    expect(last.get("short: validation, mean of 2 seeds")).toBe(best(others[0]!.means("valid")));
    const singles = others[0]!.accuracies("valid");
    const [lucky] = singles.toSorted((a, b) => Math.max(...b) - Math.max(...a)) as [Float64Array];
    expect(last.get("short: validation, one seed at random")).toBe(best(lucky));
  });

  test("ten cells: what sampling gives, too", () => {
    const { main, others } = read();
    const values = main.means("test");
    const scores = others[0]!.accuracies("valid");
    const random = new Random(hashOf(["sampling"]));
    const picked = Array.from({ length: 20_000 }, () => {
      const drawn = Array.from({ length: 10 }, () => {
        const at = architectures[random.integer(architectures.length)]!;
        return { at, score: scores[random.integer(scores.length)]![at]! };
      });
      return values[drawn.reduce((best, own) => (own.score > best.score ? own : best)).at]!;
    });
    const mean = picked.reduce((sum, own) => sum + own, 0) / picked.length;
    const exact = gainFigures(read()).rows.at(-1)!.accuracies[DRAWS.indexOf(10)]!;
    // A standard error of about 0.017.
    expect(Math.abs(mean - exact)).toBeLessThan(0.07);
  });
});

test("a single recipe with a single seed has one reward", () => {
  const parts = [{ recipe: SHORT, seeds: [4] as [number] }];
  const { rows } = gainFigures(knownValues(temporaryFolder(), { classes: CLASSES.slice(0, 4), parts, accuracy }));
  expect(rows.map(({ score }) => score)).toEqual([
    "short: test itself, which no search may see",
    "short: validation, one seed at random",
  ]);
});

test("a table without a connected class has no random connected cell", () => {
  const values = knownValues(temporaryFolder(), { classes: [12], accuracy });
  expect(gainFigures(values).randomConnectedCell).toBeNull();
});

function knownValuesOnce() {
  let values: ReturnType<typeof knownValues> | null = null;
  return () => {
    values ??= knownValues(temporaryFolder(), { classes: CLASSES, accuracy });
    return values;
  };
}
