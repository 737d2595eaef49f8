import { describe, expect, test } from "vitest";
import { classRepresentatives } from "../../../core/space/classes.ts";
import { partName, shardArchitectures } from "../../../core/training/build/build-plan.ts";
import { toyRecipe } from "../../helpers/toy-dataset.ts";

test("a part is named after recipe and seed", () => {
  expect(partName({ recipe: toyRecipe({ id: "full" }), seed: 777 })).toBe("full-777");
});

describe("shards", () => {
  test("without any, all classes are trained", () => {
    expect(shardArchitectures(null)).toEqual(classRepresentatives());
    expect(shardArchitectures(null, [3, 5])).toEqual([3, 5]);
  });

  test.each([1, 2, 3, 7])("%i of them share out the classes, about equally", (count) => {
    const shards = Array.from({ length: count }, (_, at) => shardArchitectures({ index: at + 1, count }));
    expect(shards.flat().sort((a, b) => a - b)).toEqual(classRepresentatives());
    for (const shard of shards) expect(Math.abs(shard.length - 6466 / count)).toBeLessThan(1);
  });

  test("take every so many-th one, in order", () => {
    expect(shardArchitectures({ index: 2, count: 3 }, [1, 4, 9, 16, 25, 36, 49, 64])).toEqual([4, 25, 64]);
  });
});
