import { writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { HarnessError } from "../../core/errors/harness-error.ts";
import { builtInMappings, locateMapping, mappedColumns, readMapping } from "../../core/importers/csv-mapping.ts";
import type { CsvMapping, CsvRecipe } from "../../schemas/generated/csv-mapping.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";
import { HEADER, MADE_UP_MAPPING } from "./made-up-csv.ts";

function readBack(mapping: unknown): CsvMapping {
  const file = path.join(temporaryFolder(), "mapping.json");
  writeFileSync(file, JSON.stringify(mapping));
  return readMapping(file);
}

function faultsOf(mapping: unknown): string {
  try {
    readBack(mapping);
  } catch (error) {
    if (error instanceof HarnessError && error.code === "NAS_SCHEMA") return error.details.where ?? "";
    throw error;
  }
  return "no fault";
}

/** The made-up mapping with one recipe in the place of its two. */
function withRecipe(recipe: Partial<CsvRecipe>): CsvMapping {
  const [dataset] = MADE_UP_MAPPING.datasets as [CsvMapping["datasets"][number]];
  const [short] = dataset.recipes as [CsvRecipe];
  return { ...MADE_UP_MAPPING, expectedOptima: [], datasets: [{ ...dataset, recipes: [{ ...short, ...recipe }] }] };
}

const metrics: CsvRecipe["trials"][number]["metrics"] = [{ metric: "validAccuracy", epoch: 1, column: "a" }];

test("every mapping that ships with the harness is right, and is found by name", () => {
  expect(builtInMappings()).toEqual(["nas-bench-201-extract"]);
  for (const name of builtInMappings()) expect(readMapping(locateMapping(name)).table.id).toBe(name);
  expect(locateMapping("elsewhere/mapping.json")).toBe("elsewhere/mapping.json");
});

test("the needed columns are named once each", () => {
  const columns = mappedColumns(MADE_UP_MAPPING);
  expect([...columns].sort()).toEqual(HEADER.filter((name) => name !== "notes").sort());
});

test("a mapping that breaks the schema lists its faults", () => {
  const faults = faultsOf({ ...MADE_UP_MAPPING, architecture: {}, datasets: [], extra: 1 });
  expect(faults).toContain("extra");
  expect(faults).toContain("datasets");
  expect(faults).toContain("architecture");
});

test("a mapping without contradictions has no fault", () => {
  expect(faultsOf(withRecipe({}))).toBe("no fault");
});

test.each<[string, CsvMapping, string]>([
  [
    "seed and aggregatedSeeds",
    withRecipe({ trials: [{ seed: 1, aggregatedSeeds: [1], metrics }] }),
    "digits/short trials[0] has both seed and aggregatedSeeds",
  ],
  [
    "a count without seeds",
    withRecipe({ trials: [{ aggregatedSeedCount: "n", metrics }] }),
    "aggregatedSeedCount without aggregatedSeeds",
  ],
  ["a seed twice in a mean", withRecipe({ trials: [{ aggregatedSeeds: [1, 1], metrics }] }), "lists seed 1 twice"],
  [
    "a value twice",
    withRecipe({ trials: [{ seed: 1, metrics: [...metrics, ...metrics] }] }),
    "gives validAccuracy at epoch 1 twice",
  ],
  [
    "two trials of one seed",
    withRecipe({
      trials: [
        { seed: 1, metrics },
        { seed: 1, metrics },
      ],
    }),
    "has two trials with seed 1",
  ],
  [
    "an epoch beyond the schedule",
    withRecipe({ epochs: 1, trials: [{ metrics: [{ metric: "testLoss", epoch: 3, column: "a" }] }] }),
    "at epoch 3, the recipe has only 1",
  ],
  [
    "times without search metrics",
    withRecipe({ trials: [{ metrics: [{ metric: "testAccuracy", epoch: 1, column: "a" }] }] }),
    "has trainSecondsPerEpoch but no train or validation metric",
  ],
  [
    "a dataset twice",
    { ...MADE_UP_MAPPING, datasets: [...MADE_UP_MAPPING.datasets, ...MADE_UP_MAPPING.datasets] },
    "two datasets are named digits",
  ],
  [
    "an optimum of nothing",
    { ...MADE_UP_MAPPING, expectedOptima: MADE_UP_MAPPING.expectedOptima.map((entry) => ({ ...entry, epoch: 3 })) },
    "expectedOptima names valid accuracy of digits/short at epoch 3",
  ],
])("a contradiction is found: %s", (_, mapping, fault) => {
  expect(faultsOf(mapping)).toContain(fault);
});
