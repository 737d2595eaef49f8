import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { publishedRow } from "../../core/cli/query-row.ts";
import { withoutNoise } from "../../core/cli/query-values.ts";
import { type Correlation, tableCorrelations } from "../../core/cli/table-correlations.ts";
import { locateMapping, readMapping } from "../../core/importers/csv-mapping.ts";
import { readCsv } from "../../core/importers/csv-rows.ts";
import { importCsvTable } from "../../core/importers/csv-table.ts";
import { classOf } from "../../core/space/classes.ts";
import { formatArchitecture, parseArchitecture } from "../../core/space/codec.ts";
import { flopsOf, parametersOf } from "../../core/space/network-size.ts";
import { ARCHITECTURE_COUNT } from "../../core/space/operations.ts";
import { isReachable } from "../../core/space/reachability.ts";
import { openReportedValues } from "../../core/tables/reported-values.ts";
import { openSearchView } from "../../core/tables/search-view.ts";
import { checkTable } from "../../core/tables/table-check.ts";
import type { TableCard } from "../../schemas/generated/table-card.ts";
import { hasSharedData, needsSharedData, sharedData } from "../helpers/shared-data.ts";
import { sharedTemporaryFolder } from "../helpers/temporary-folder.ts";

/** A row of the CSV by column name. */
type Row = ReadonlyMap<string, string>;

async function readRows(file: string): Promise<Row[]> {
  const rows: Row[] = [];
  let names: readonly string[] = [];
  await readCsv(file, {
    header(header) {
      names = header;
    },
    row({ cells }) {
      rows.push(new Map(names.map((name, at) => [name, cells[at] as string])));
    },
  });
  return rows;
}

describe.skipIf(!hasSharedData)(needsSharedData("the real NAS-Bench-201 extract"), () => {
  const folder = path.join(sharedTemporaryFolder(), "nas-bench-201-extract");
  let card: TableCard;
  let rows: Row[];
  beforeAll(async () => {
    const file = sharedData("nb201.csv.gz");
    const mapping = locateMapping("nas-bench-201-extract");
    card = await importCsvTable(file, readMapping(mapping), mapping, folder, false);
    rows = await readRows(file);
  });

  const numbers = (column: string) => rows.map((row) => Number(row.get(column)));

  test("every check passes, the published optima among them", () => {
    const checks = checkTable(folder, card);
    expect(checks.filter(({ result }) => result !== "ok")).toEqual([]);
    const optima = checks.filter(({ check }) => check === "optimum");
    expect(optima.map(({ found }) => found)).toEqual([
      "91.61 of architecture 6111",
      "94.37 of architecture 6111",
      "73.49 of architecture 9930",
      "73.51 of architecture 9930",
      "46.73 of architecture 10676",
      "47.31 of architecture 857",
    ]);
  });

  test("strings, classes, reachability, parameters and FLOPs of all cells equal the space's own", () => {
    expect(rows).toHaveLength(ARCHITECTURE_COUNT);
    const inputs = {
      cifar10: { classes: 10, imageSize: 32 },
      cifar100: { classes: 100, imageSize: 32 },
      imagenet16120: { classes: 120, imageSize: 16 },
    };
    rows.forEach((row, index) => {
      const sizes = Object.entries(inputs).flatMap(([dataset, input]) => [
        [`${dataset}_params_m`, parametersOf(index, input) / 1e6],
        [`${dataset}_flops_m`, flopsOf(index, input) / 1e6],
      ]);
      const own = new Map<string, string | number>([
        ["index", index],
        ["arch_str", formatArchitecture(index)],
        ["isomorph_rep_index", classOf(index)],
        ["connected", isReachable(index) ? 1 : 0],
        ...(sizes as [string, number][]),
      ]);
      for (const [column, value] of own) {
        const text = row.get(column) as string;
        if (value !== (typeof value === "number" ? Number(text) : text))
          expect(`${index} ${text}`).toBe(`${index} ${value}`);
      }
    });
  });

  test("means over the table's trials equal the official means of all cells", () => {
    const reported = openReportedValues(folder, card);
    const columns = [
      ["cifar10-valid", "valid", "cifar10valid_ep200_valid_acc_mean"],
      ["cifar10", "test", "cifar10_ep200_test_acc_mean"],
      ["cifar100", "valid", "cifar100_ep200_valid_acc_mean"],
      ["cifar100", "test", "cifar100_ep200_test_acc_mean"],
      ["imagenet16-120", "valid", "imagenet16120_ep200_valid_acc_mean"],
      ["imagenet16-120", "test", "imagenet16120_ep200_test_acc_mean"],
    ] as const;
    for (const [dataset, split, column] of columns) {
      const official = numbers(column);
      const largest = official.reduce((difference, value, index) => {
        const own = reported(index, { dataset, recipe: "200-epochs", split, epoch: 200 });
        return Math.max(difference, Math.abs(own - value));
      }, 0);
      expect(largest, column).toBeLessThan(1e-5);
    }
  });

  test("aggregates are over as many seeds as the file says", () => {
    const lookup = openSearchView(folder).trials("cifar100", "200-epochs");
    numbers("n_seeds_ep200").forEach((seeds, index) => {
      const mean = lookup.mean(index, "validAccuracy", 200);
      if (mean?.from !== "aggregate" || mean.trials !== seeds)
        expect(`${index}: ${mean?.trials}`).toBe(`${index}: ${seeds}`);
    });
  });

  test("a search under protocol nas-bench-201-mean finds its accuracies and training seconds", () => {
    const lookup = openSearchView(folder).trials("cifar10-valid", "12-epochs");
    const seconds = numbers("cifar10valid_train_seconds_per_epoch");
    const accuracy = numbers("cifar10valid_ep12_valid_acc_mean_seeds111_777");
    for (let index = 0; index < ARCHITECTURE_COUNT; index += 97) {
      expect(lookup.mean(index, "trainMs", 12)?.value).toBeCloseTo((seconds[index] as number) * 1000, 2);
      expect(lookup.mean(index, "validAccuracy", 12)?.value).toBeCloseTo(accuracy[index] as number, 5);
    }
  });

  test.each([
    // The paper's Table 5: DARTS finds the cell of skip connections only; row "optimal" in the cells of its optima.
    [
      "|skip_connect~0|+|skip_connect~0|skip_connect~1|+|skip_connect~0|skip_connect~1|skip_connect~2|",
      /^39\.77 54\.30 15\.03 15\.61 16\.43 16\.32$/,
    ],
    [formatArchitecture(6111), /^91\.61 94\.37 /],
    [formatArchitecture(9930), / 73\.49 73\.51 /],
    [formatArchitecture(857), / 47\.31$/],
    [formatArchitecture(10_676), / 46\.73 46\.20$/],
  ])("the published row of %s", (text, expected) => {
    const row = publishedRow(parseArchitecture(text), folder);
    expect(row.columns.map(([, accuracy]) => accuracy).join(" ")).toMatch(expected);
  });

  test("rows print as the official means round, also where the third decimal is a 5", () => {
    const reported = openReportedValues(folder, card);
    const value = { dataset: "cifar10", recipe: "200-epochs", split: "test", epoch: 200 } as const;
    const official = rows.map((row) => Number(row.get("cifar10_ep200_test_acc_mean")).toFixed(2));
    const printed = rows.map((_, index) => withoutNoise(reported(index, value)).toFixed(2));
    expect(printed.filter((text, index) => text !== official[index])).toEqual([]);
  });

  describe("rank correlations", () => {
    let correlations: Correlation[];
    beforeAll(() => {
      correlations = tableCorrelations(folder, card);
    });

    function rho(first: string, second: string, split: string): string | undefined {
      const name = ({ dataset, recipe }: Correlation["first"]) => `${dataset}/${recipe}`;
      const found = correlations.find(
        (entry) => name(entry.first) === first && name(entry.second) === second && entry.first.split === split,
      );
      expect(found?.all.n).toBe(ARCHITECTURE_COUNT);
      return found?.all.spearman?.toFixed(3);
    }

    test("between datasets, 200 epochs, test", () => {
      expect(rho("cifar10/200-epochs", "cifar100/200-epochs", "test")).toBe("0.980");
      expect(rho("cifar10/200-epochs", "imagenet16-120/200-epochs", "test")).toBe("0.959");
      expect(rho("cifar100/200-epochs", "imagenet16-120/200-epochs", "test")).toBe("0.964");
    });

    test("between 12 and 200 epochs, validation", () => {
      const both = (dataset: string) => rho(`${dataset}/12-epochs`, `${dataset}/200-epochs`, "valid");
      expect(["cifar10-valid", "cifar100", "imagenet16-120"].map(both)).toEqual(["0.823", "0.823", "0.825"]);
    });

    test("between seeds only over cells that have both", () => {
      const seeds = correlations.filter(
        ({ between, first }) => between === "seeds" && first.dataset === "cifar10-valid",
      );
      expect(seeds.map(({ first, second, all, top }) => [first.seed, second.seed, all.n, top.n])).toEqual([
        [777, 888, 15_625, 1563],
        [777, 999, 8169, 817],
        [888, 999, 8169, 817],
      ]);
    });
  });
});
