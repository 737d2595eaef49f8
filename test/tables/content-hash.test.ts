import { expect, test } from "vitest";
import type { MetricColumn } from "../../core/tables/column.ts";
import { searchContentHash } from "../../core/tables/content-hash.ts";

function hashOf(column: Partial<MetricColumn>, seeds: readonly (number | null)[] = [1, 2]): string {
  const values = Float32Array.of(10, 20);
  const whole: MetricColumn = { name: "validAccuracy", epochs: [12], values, recorded: null, ...column };
  const rows = { architecture: Uint16Array.of(3, 4), trialSeed: seeds, aggregatedSeeds: [null, null] };
  return searchContentHash([{ dataset: "digits", recipe: "short", table: { rows, columns: [whole] } }]);
}

test("flags that are all set count as no flags, which is how a file comes back", () => {
  expect(hashOf({ recorded: Uint8Array.of(1, 1) })).toBe(hashOf({ recorded: null }));
});

test("what stands under a null does not count, the null itself does", () => {
  const recorded = Uint8Array.of(1, 0);
  expect(hashOf({ recorded, values: Float32Array.of(10, 99) })).toBe(hashOf({ recorded }));
  expect(hashOf({ recorded, values: Float32Array.of(10, 0) })).not.toBe(hashOf({ values: Float32Array.of(10, 0) }));
});

test("values, epochs, names and seeds count", () => {
  const changed = [
    hashOf({}),
    hashOf({ values: Float32Array.of(10, 20.5) }),
    hashOf({ epochs: [11] }),
    hashOf({ name: "trainAccuracy" }),
    hashOf({}, [1, null]),
  ];
  expect(new Set(changed).size).toBe(changed.length);
});

test("the order of datasets and recipes does not count", () => {
  const rows = { architecture: Uint16Array.of(3), trialSeed: [1], aggregatedSeeds: [null] };
  const contents = ["a", "b"].map((dataset, at) => {
    const column: MetricColumn = { name: "validLoss", epochs: [1], values: Float32Array.of(at), recorded: null };
    return { dataset, recipe: "short", table: { rows, columns: [column] } };
  });
  expect(searchContentHash([...contents].reverse())).toBe(searchContentHash(contents));
});
