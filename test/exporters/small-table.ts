import type { MetricColumn } from "../../core/tables/column.ts";
import { type CardIdentity, writeTable } from "../../core/tables/table-writer.ts";
import type { TableCard } from "../../schemas/generated/table-card.ts";

const IDENTITY: CardIdentity = {
  id: "small",
  version: "1.2.3",
  title: "Small table",
  benchmark: "nas-bench-201",
  space: "nas-bench-201",
  keyedBy: "architecture",
  licence: "MIT",
  provenance: { description: "Made-up values.", sources: [] },
  expectedOptima: [],
};

function column(name: MetricColumn["name"], epochs: MetricColumn["epochs"], items: (number | null)[]): MetricColumn {
  const recorded = Uint8Array.from(items, (item) => (item === null ? 0 : 1));
  return {
    name,
    epochs,
    values: Float32Array.from(items, (item) => item ?? 0),
    recorded: recorded.includes(0) ? recorded : null,
  };
}

/**
 * A table of two datasets. cifar100/200-epochs has cell 7 with seeds 777 and 888, and cell 11 with seed 777, a trial of
 * unknown seed and a mean; validation at epochs 1, 2 and 200, test at 200 only, one constant.
 */
export function writeSmallTable(folder: string): TableCard {
  return writeTable(folder, IDENTITY, [
    {
      ...{ id: "cifar100", title: "CIFAR-100", classes: 100, imageSize: 32 },
      recipes: [
        {
          ...{ recipe: "200-epochs", epochs: 200 },
          rows: {
            architecture: Uint16Array.from([7, 7, 11, 11, 11]),
            trialSeed: [777, 888, 777, null, null],
            aggregatedSeeds: [null, null, null, null, [777, 888, 999]],
          },
          columns: [
            column("validAccuracy", [1, 2, 200], [10.1, 20.2, 70.7, 11.1, null, 71.3, 12, 13, 14, 1, 2, null, 5, 6, 7]),
            column("validLoss", [1, 2, 200], [3.25, 2, 1, 3, 2, 1, 3, 2, 1, 3, 2, 1, 3, 2, 1]),
            column("megaParameters", "constant", [1.5, 1.5, 0.75, null, null]),
            column("testAccuracy", [200], [60.5, 61.5, null, null, 62.125]),
          ],
        },
      ],
    },
    {
      ...{ id: "cifar10-valid", title: "CIFAR-10", classes: 10, imageSize: 32 },
      recipes: [
        {
          ...{ recipe: "12-epochs", epochs: 12 },
          rows: { architecture: Uint16Array.from([7]), trialSeed: [111], aggregatedSeeds: [null] },
          columns: [column("trainMs", "constant", [1000]), column("trainAccuracy", [1, 12], [50, 90.5])],
        },
      ],
    },
  ]);
}
