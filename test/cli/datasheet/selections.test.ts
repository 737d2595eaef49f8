import { expect, test } from "vitest";
import { independentTop, selectedPositions } from "../../../core/cli/datasheet/selections.ts";
import { classRepresentatives } from "../../../core/space/classes.ts";
import { temporaryFolder } from "../../helpers/temporary-folder.ts";
import { FULL, type KnownTraining, knownValues, SHORT } from "./known-table.ts";

const CLASSES = classRepresentatives().slice(0, 20);
const position = (architecture: number) => CLASSES.indexOf(architecture);

/** Each training of `full` ranks another class first; `short` ranks the last two first. */
function accuracy({ recipe, seed, architecture, split }: KnownTraining): number {
  const at = position(architecture);
  if (split !== "test") return 50;
  if (recipe.id === "short") return 40 + at;
  return 50 + (at === seed || at === seed + 10 ? 10 * seed : at / 100);
}

test("the top tenth by the mean test accuracy, and the connected classes", () => {
  const { all, connected, top } = selectedPositions(knownValues(temporaryFolder(), { classes: CLASSES, accuracy }));
  expect(all).toEqual(CLASSES.map((_, at) => at));
  // Classes 10 and 12 of the space are not connected.
  expect(connected).toEqual(all.filter((at) => ![10, 12].includes(CLASSES[at]!)));
  expect(top).toEqual([3, 13]);
});

test("an independent top is chosen by other seeds, or by another recipe", () => {
  const values = knownValues(temporaryFolder(), { classes: CLASSES, accuracy });
  const { main, others } = values;
  expect(independentTop(values, main, [1, 2])).toEqual([1, 11]);
  expect(independentTop(values, main, [0, 2])).toEqual([2, 12]);
  // The mean of the second and the third seed.
  expect(independentTop(values, main, [0])).toEqual([3, 13]);
  expect(independentTop(values, main, [0, 1, 2])).toEqual([18, 19]);
  expect(independentTop(values, others[0]!, [0, 1])).toEqual([3, 13]);
});

test("without other trainings there is no independent top", () => {
  const parts = [{ recipe: FULL, seeds: [1, 2] as [number, number] }];
  const values = knownValues(temporaryFolder(), { classes: CLASSES, parts, accuracy });
  expect(independentTop(values, values.main, [0, 1])).toBeNull();
  expect(independentTop(values, values.main, [0])).toEqual([2, 12]);
});

test("of a handful of classes the top is one", () => {
  const parts = [{ recipe: SHORT, seeds: [1] as [number] }];
  const values = knownValues(temporaryFolder(), { classes: CLASSES.slice(0, 5), parts, accuracy });
  expect(selectedPositions(values).top).toEqual([4]);
});
