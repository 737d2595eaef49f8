import { describe, expect, test } from "vitest";
import { benchmarkTable, sectionTable } from "../../../leaderboard/site/benchmark-table.ts";
import { attributesOf, elementsOf, tableShapes } from "../page-elements.ts";
import { HOSTILE, METHODS, madeUpBenchmark, OPTIMUM } from "./made-up-benchmark.ts";

const BENCHMARK = madeUpBenchmark(METHODS);
const TABLE = benchmarkTable(BENCHMARK, "../", [{ name: "code", title: "Code" }], ({ id }) => `@misc{${id}}`).text;

/** Markup of the line with a key. */
function lineOf(key: string, table = TABLE): string {
  const start = table.indexOf(`data-key="${key}"`);
  expect(start, key).toBeGreaterThan(0);
  return table.slice(table.lastIndexOf("<tr", start), table.indexOf("</tr>", start));
}

/** Text of a line's cells, the row head included. */
function cellsOf(key: string, table = TABLE): string[] {
  const cells = lineOf(key, table).match(/<t[hd][\s>][\s\S]*?<\/t[hd]>/g) ?? [];
  return cells.map((cell) =>
    cell
      .replace(/<[^>]*>/g, "")
      .replace(/\s+/g, " ")
      .trim(),
  );
}

describe("a benchmark's table", () => {
  test("has as many cells in every row as columns, each column named once", () => {
    const [shape] = tableShapes(TABLE);
    expect(new Set(shape?.rows)).toEqual(new Set([shape?.columns]));
    const names = elementsOf(TABLE, "th").flatMap((head) => attributesOf(head).get("data-column") ?? []);
    expect(names).toHaveLength(shape?.columns ?? 0);
    expect(new Set(names).size).toBe(names.length);
    // In the order of the markup: those under a dataset stand in the second row of heads.
    expect(names.slice(0, 4)).toEqual(["rank", "method", "regret", "runs"]);
    expect(names.slice(-2)).toEqual(["cifar10.valid", "cifar10.test"]);
  });

  test("shows rank ranges and letters of the comparison, and no rank with few runs or for what was not run", () => {
    expect(cellsOf("rea-1.0.0")[0]).toBe("1–2 a");
    expect(cellsOf("reinforce-1.0.0")[0]).toBe("1–2 a");
    expect(cellsOf("rs-1.0.0")[0]).toBe("3");
    expect(cellsOf("evil-1.0.0")[0]).toBe("4");
    expect(cellsOf("gdas-1.0.0")[0]).toBe("few runs");
    expect(cellsOf("published-rea")[0]).toBe("");
    expect(cellsOf("computed-optimal")[0]).toBe("");
    const [caption] = tableShapes(TABLE).map((shape) => shape.caption);
    expect(caption).toContain(
      "rows with a letter (and bar) in common are not told apart (Mann-Whitney, Holm, p &lt; 0.05)",
    );
  });

  test("shows regret as the optimum less the mean, of no published row", () => {
    const mean = BENCHMARK.results[1]?.row.accuracies["cifar10.test"]?.mean ?? 0;
    expect(cellsOf("rea-1.0.0")[4]).toBe((OPTIMUM - mean).toFixed(2));
    expect(cellsOf("published-rea")[4]).toBe("");
    expect(cellsOf("computed-optimal")[4]).toBe("0.00");
  });

  test("links names and figures to the method's page and cells to the architecture's", () => {
    expect(elementsOf(lineOf("rea-1.0.0"), "a").map((tag) => attributesOf(tag).get("href"))).toEqual(
      Array.from({ length: 3 }, () => "../methods/rea-1.0.0.html"),
    );
    expect(elementsOf(lineOf("computed-optimal"), "a").map((tag) => attributesOf(tag).get("href"))).toEqual([
      "../architectures/6111.html",
    ]);
  });

  test("gives the script words to filter by, a published row those of the row above", () => {
    const words = (key: string) => {
      const attributes = attributesOf(elementsOf(`${lineOf(key)}</tr>`, "tr")[0] ?? "");
      return ["kind", "source", "standing", "protocol", "bn"].map((name) => attributes.get(`data-${name}`));
    };
    expect(words("gdas-1.0.0")).toEqual([
      "trains by itself",
      "re-run",
      "claimed",
      "nas-bench-201-mean 1.0.0",
      "batch statistics",
    ]);
    expect(words("published-rea")).toEqual([
      "asks the table",
      "published",
      "verified",
      "nas-bench-201 (published)",
      "",
    ]);
  });

  test("has the p-values of all pairs, by position", () => {
    const cell = (key: string) => attributesOf(elementsOf(`${lineOf(key)}</tr>`, "td")[2] ?? "");
    const distinction = BENCHMARK.distinctions[1];
    for (const [at, id] of (distinction?.ids ?? []).entries()) {
      expect(cell(id).get("data-at")).toBe(`${at}`);
      const ps = (cell(id).get("data-p") ?? "").split(" ").map(Number);
      expect(ps).toEqual(distinction?.ids.map((other) => Number(distinction.p(id, other).toPrecision(2))));
    }
    expect(cell("gdas-1.0.0").has("data-p")).toBe(false);
  });

  test("holds hostile text as text", () => {
    expect(TABLE).not.toMatch(/<(script|img)/);
    expect(TABLE).toContain("&lt;script&gt;");
    expect(TABLE.split("x".repeat(200)).length).toBeGreaterThan(2);
    expect(HOSTILE).toContain("שלום");
    expect(TABLE).toContain("שלום");
  });

  test("has no column of ranks where nothing was compared", () => {
    const few = madeUpBenchmark(METHODS.map((method) => ({ ...method, values: method.values.slice(0, 5) })));
    const table = benchmarkTable(few, "", []).text;
    expect(cellsOf("rea-1.0.0", table)[0]).toContain("REA");
    expect(table).not.toContain('data-column="rank"');
    expect(table).toContain("Few runs: under 10, so no rank.");
  });

  test("shows a section that is no benchmark without ranks and links to methods", () => {
    const table = sectionTable(
      { ...BENCHMARK.section, groups: BENCHMARK.section.groups.map((group) => ({ ...group, rank: null })) },
      "",
      [],
    ).text;
    expect(table).not.toContain("methods/");
    expect(cellsOf("re-run-rea", table)[0]).toContain("REA");
  });
});
