import { describe, expect, test } from "vitest";
import { distributionOf, spreadFigures } from "../../../core/cli/datasheet/spread-figures.ts";
import { formatArchitecture } from "../../../core/space/codec.ts";
import { temporaryFolder } from "../../helpers/temporary-folder.ts";
import { type KnownTraining, knownValues } from "./known-table.ts";

/** The class of the ResNet cell is 2528; 12 is not connected. */
const CLASSES = [0, 1, 2, 12, 19, 2528];
const TEST = [70, 90, 90, 10, 80, 60];

function accuracy({ architecture, split, seed, recipe }: KnownTraining): number {
  const own = TEST[CLASSES.indexOf(architecture)]! + (recipe.id === "full" ? seed - 2 : 0);
  return split === "test" ? own : 99 - own;
}

const spread = () => spreadFigures(knownValues(temporaryFolder(), { classes: CLASSES, accuracy }));

test("a distribution by hand; quartiles as numpy's default", () => {
  // numpy.quantile([1, 2, 4, 9], [.25, .5, .75]) is [1.75, 3, 5.25].
  expect(distributionOf([9, 1, 4, 2])).toEqual({
    classes: 4,
    mean: 4,
    deviation: Math.sqrt((25 + 9 + 0 + 4) / 4),
    least: 1,
    quartiles: [1.75, 3, 5.25],
    most: 9,
  });
});

describe("of a known table", () => {
  test("the classes' means over all classes and over connected ones", () => {
    const [short, full] = spread();
    expect([short!.recipe, short!.epoch, short!.seeds]).toEqual(["short", 2, [1, 2]]);
    expect([full!.recipe, full!.epoch, full!.seeds]).toEqual(["full", 3, [1, 2, 3]]);
    const own = full!.splits[0]!;
    expect(own.split).toBe("test");
    expect(own.all).toMatchObject({ classes: 6, least: 10, most: 90 });
    expect(own.all.mean).toBeCloseTo(400 / 6, 10);
    expect(own.connected).toMatchObject({ classes: 5, least: 60, most: 90, quartiles: [70, 80, 90] });
    expect(full!.splits.map(({ split }) => split)).toEqual(["test", "valid", "train"]);
  });

  test("the best with equals, the worst connected, and ResNet, each with its seeds", () => {
    const { best, worst, resnet } = spread()[1]!.splits[0]!;
    expect(best.map(({ architecture, rank }) => [architecture, rank])).toEqual([
      [1, 1],
      [2, 1],
      [19, 3],
    ]);
    expect(best[0]).toEqual({
      architecture: 1,
      cell: formatArchitecture(1),
      cells: 1,
      accuracy: 90,
      bySeed: [89, 90, 91],
      rank: 1,
    });
    expect(worst.map(({ architecture }) => architecture)).toEqual([2528, 0, 19]);
    expect(resnet).toMatchObject({ architecture: 2528, accuracy: 60, rank: 5, cells: 3 });
    const valid = spread()[1]!.splits[1]!;
    expect(valid.best.map(({ architecture }) => architecture)).toEqual([12, 2528, 0]);
    expect(valid.worst.map(({ architecture }) => architecture)).toEqual([2, 1, 19]);
  });

  test("without ResNet's class it is not there", () => {
    const values = knownValues(temporaryFolder(), { classes: [0, 1], accuracy });
    expect(spreadFigures(values)[0]!.splits[0]!.resnet).toBeNull();
  });

  test("of classes that are not connected alone nothing is said over connected ones", () => {
    const { connected, worst } = spreadFigures(knownValues(temporaryFolder(), { classes: [12], accuracy }))[1]!
      .splits[0]!;
    expect(connected).toBeNull();
    expect(worst).toEqual([]);
  });
});
