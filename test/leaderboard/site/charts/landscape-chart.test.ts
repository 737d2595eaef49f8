import { beforeAll, describe, expect, test } from "vitest";
import { openReportedValues } from "../../../../core/tables/reported-values.ts";
import { readCard } from "../../../../core/tables/search-view.ts";
import { openTableFolder } from "../../../../leaderboard/generator/computed-rows.ts";
import { errorScale } from "../../../../leaderboard/site/charts/error-scale.ts";
import { tableFigures } from "../../../../leaderboard/site/charts/figures.ts";
import { landscapeChart, landscapePairs } from "../../../../leaderboard/site/charts/landscape-chart.ts";
import { type TableFacts, tableFacts } from "../../../../leaderboard/site/table-facts.ts";
import { EMBEDDED_TABLE } from "../../../helpers/embedded-table.ts";
import { markElements, readChart } from "../../../helpers/svg-elements.ts";

let facts: TableFacts;
const card = readCard(EMBEDDED_TABLE);
beforeAll(() => {
  facts = tableFacts(openTableFolder(EMBEDDED_TABLE));
});

describe("facts of the embedded table", () => {
  test("means of every class, as reported values give them", () => {
    expect(facts.architectures).toHaveLength(6466);
    expect(facts.isByClass).toBe(true);
    const reported = openReportedValues(EMBEDDED_TABLE, card);
    const [dataset] = card.datasets;
    for (const { recipe, split, epoch, values } of facts.columns) {
      for (const at of [0, 77, 6465]) {
        const query = { dataset: dataset?.id as string, recipe, split, epoch };
        expect(values[at]).toBe(reported(facts.architectures[at] as number, query));
      }
    }
  });
});

/** Every dot of a landscape, once, from its paths' relative moves. */
function dotsOf(paths: readonly string[]): Set<string> {
  const dots = new Set<string>();
  for (const path of paths) {
    let [x, y] = [0, 0];
    for (const [, dx, dy] of path.matchAll(/m(-?\d+) ?(-?\d+)h0/g)) {
      [x, y] = [x + Number(dx), y + Number(dy)];
      dots.add(`${x} ${y}`);
    }
  }
  return dots;
}

describe("landscape", () => {
  test("every architecture lies on a dot, and every dot is some architecture's", () => {
    const [pair] = landscapePairs(facts);
    if (pair === undefined) throw new Error("no pair");
    expect([pair.across.recipe, pair.across.split, pair.up.recipe, pair.up.split]).toEqual([
      "short",
      "valid",
      "full",
      "test",
    ]);
    const chart = landscapeChart(facts, pair);
    const dots = dotsOf(markElements(readChart(chart), "dots", "path").map((path) => path.getAttribute("d") ?? ""));
    const from = (values: Float64Array) => values.slice().sort()[Math.floor(values.length * 0.03)] as number;
    const best = (values: Float64Array) => values.slice().sort().at(-1) as number;
    const x = errorScale(from(pair.across.values), best(pair.across.values));
    const y = errorScale(from(pair.up.values), best(pair.up.values));
    const expected = facts.architectures.map((_, at) => {
      const across = Math.round(48 + 456 * Math.max(0, x.place(pair.across.values[at] as number)));
      return `${across} ${Math.round(392 - 362 * Math.max(0, y.place(pair.up.values[at] as number)))}`;
    });
    expect([...dots].sort()).toEqual([...new Set(expected)].sort());
  });

  test("stays small, and the same table gives the same bytes", () => {
    const figures = tableFigures(facts);
    expect(figures.map(({ name }) => name)).toEqual(["landscape-fashion-mnist-8x8", "correlation"]);
    for (const { chart } of figures) expect(chart.text.length).toBeLessThan(120_000);
    expect(tableFigures(facts)).toEqual(figures);
  });

  test("nothing recorded, one architecture, all equal", () => {
    const [pair] = landscapePairs(facts);
    if (pair === undefined) throw new Error("no pair");
    const filled = (value: number, length: number) => new Float64Array(length).fill(value);
    const withValues = (values: Float64Array) => ({
      across: { ...pair.across, values },
      up: { ...pair.up, values },
    });
    expect(landscapeChart(facts, withValues(filled(Number.NaN, 5))).text).toMatch(/^<p class="no-chart">/);
    for (const values of [filled(50, 1), filled(50, 9), filled(100, 3), filled(0, 3)]) {
      readChart(landscapeChart(facts, withValues(values)));
    }
  });
});

test("each halving of the error takes the same room", () => {
  const { place, ticks } = errorScale(20, 90);
  expect(place(20)).toBe(0);
  expect(place(60)).toBeCloseTo(1 / 3);
  expect(place(80)).toBeCloseTo(2 / 3);
  expect(place(90)).toBe(1);
  // 40 and 20 would touch their neighbours.
  expect(ticks.map(({ accuracy }) => accuracy)).toEqual([30, 50, 60, 70, 80, 90]);
});
