import { parse } from "csv-parse/sync";
import { describe, expect, inject, test } from "vitest";
import { rowTitle } from "../../leaderboard/generator/figures.ts";
import type { Leaderboard } from "../../leaderboard/generator/leaderboard.ts";
import { renderOutputs } from "../../leaderboard/generator/outputs.ts";
import { renderOverview } from "../../leaderboard/site/build-site.ts";
import type { CollectedSite } from "../../leaderboard/site/collect-site.ts";
import { sharedTemporaryFolder, temporaryFolder } from "../helpers/temporary-folder.ts";
import { writeMethodResults } from "../statistics/method-results.ts";
import { collectedSite, overviewOf } from "./collected-site.ts";
import { attributesOf, elementsOf, tableShapes } from "./page-elements.ts";

const HOSTILE = `<img src=x onerror=alert(1)> "><script>alert(2)</script> | \\input{x} =1+1 '`;
const FAILURE = { code: "NAS_ALGORITHM_THREW", what: `${HOSTILE}\u001b[2J\nsecond line` };

/** A site with three methods, one of which has a hostile name, failures and a hostile column. */
function fullSite(output: string, cache: string): CollectedSite {
  writeMethodResults(output, {
    method: "rea",
    title: "REA",
    runs: [{ values: 93.9 }, { values: 94 }, { values: 94.1 }],
  });
  writeMethodResults(output, {
    method: "rs",
    title: "RS",
    runs: [{ values: 93.5, cpuSeconds: 0.5 }, { values: 93.7 }],
  });
  writeMethodResults(output, { method: "evil", title: HOSTILE, runs: [{ values: 90 }, { failure: FAILURE }] });
  const extraColumns = [
    { name: "code", title: HOSTILE, cell: ({ method }: { method: string }) => (method === "rea" ? HOSTILE : null) },
  ];
  return collectedSite({ results: [output], tables: [inject("generatedTable")], extraColumns }, cache);
}

const SITE = fullSite(sharedTemporaryFolder(), sharedTemporaryFolder());
const BOARD = SITE.board;
const PAGE = renderOverview(SITE);
const rendered = (board: Leaderboard, name: string) => renderOutputs(board).get(name) as string;

describe("every output", () => {
  test("is the same for the same results, wherever they lie, and holds no path and no date", () => {
    const outputs = renderOutputs(BOARD);
    expect([...outputs.keys()]).toEqual(["leaderboard.md", "leaderboard.csv", "leaderboard.tex", "leaderboard.json"]);
    const again = fullSite(temporaryFolder(), temporaryFolder());
    expect(renderOutputs(again.board)).toEqual(outputs);
    expect(renderOverview(again)).toBe(PAGE);
    for (const text of [...outputs.values(), PAGE]) {
      expect(text).not.toContain("nas-harness-test-");
      expect(text).not.toMatch(/\b20[2-9]\d-\d\d-\d\d\b/);
      expect(text).not.toContain("\u001b");
    }
  });

  test("names every method, figure and interval", () => {
    const outputs = new Map([...renderOutputs(BOARD), ["index.html", PAGE]]);
    for (const name of ["leaderboard.md", "leaderboard.tex", "index.html"]) {
      const text = outputs.get(name) as string;
      for (const part of ["REA", "GDAS", "94.00", "0.08", "93.90, 94.10", "8,007.13", "1/2"]) {
        expect(text, `${part} in ${name}`).toContain(part);
      }
    }
  });
});

describe("the page", () => {
  test("runs nothing of what hostile names hold", () => {
    const page = PAGE;
    expect(page.match(/<script/g)).toHaveLength(1);
    expect(elementsOf(page, "img")).toEqual([]);
    expect(page).toContain("&lt;img src=x onerror=alert(1)&gt;");
    for (const element of elementsOf(page)) {
      for (const attribute of attributesOf(element).keys()) expect(attribute).not.toMatch(/^on/);
    }
  });

  test("loads its own style sheet and script alone, and its policy allows nothing else", () => {
    for (const element of elementsOf(PAGE)) {
      const attributes = attributesOf(element);
      const source = attributes.get("src");
      if (source !== undefined) expect(source).toMatch(/^assets\/page\.[0-9a-f]{12}\.js$/);
      if (element.startsWith("<link")) {
        expect(attributes.get("href")).toMatch(/^(data:,|assets\/style\.[0-9a-f]{12}\.css)$/);
      }
    }
    const meta = elementsOf(PAGE, "meta").find((element) => element.includes("http-equiv")) ?? "";
    const policy = attributesOf(meta).get("content");
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
  });

  test("has balanced elements, anchors that exist and ids that are there once", () => {
    for (const page of [PAGE, overviewOf()]) {
      const open: string[] = [];
      for (const element of elementsOf(page)) {
        const name = /^<\/?([a-z0-9]+)/.exec(element)?.[1] as string;
        if (["meta", "link", "br"].includes(name)) continue;
        if (element.startsWith("</")) expect(open.pop()).toBe(name);
        else open.push(name);
      }
      expect(open).toEqual([]);
      const all = elementsOf(page).map(attributesOf);
      const ids = all.flatMap((attributes) => attributes.get("id") ?? []);
      expect(new Set(ids).size).toBe(ids.length);
      const links = all.flatMap((attributes) => attributes.get("href") ?? []).filter((href) => href.startsWith("#"));
      expect(links.length).toBeGreaterThan(2);
      for (const link of links) expect(ids).toContain(link.slice(1));
      for (const attributes of all) {
        const label = attributes.get("aria-labelledby");
        if (label !== undefined) expect(ids).toContain(label);
      }
    }
  });

  test("has tables with a caption, scoped heads and as many cells in each row as there are columns", () => {
    const page = PAGE;
    const shapes = tableShapes(page);
    expect(shapes).toHaveLength(3);
    for (const { caption, columns, rows } of shapes) {
      expect(caption).not.toBe("");
      expect(rows.length).toBeGreaterThan(0);
      for (const cells of rows) expect(cells).toBe(columns);
    }
    for (const head of elementsOf(page, "th")) expect(attributesOf(head).get("scope")).toMatch(/^(col|row|colgroup)$/);
  });

  test("says how to read it, what the protocol is and what to know of the comparison", () => {
    const page = PAGE;
    for (const part of [
      "ddof 0",
      "bootstrap interval",
      "2,000 resamples",
      "As nas-bench-201, for tables that hold only the mean",
      "RS under nas-bench-201-mean comes out slightly better",
      "was chosen with the published row known",
      "46.77 belongs to the file NAS-Bench-201-v1_0-e61699",
      "ResNet: the published row agrees with one training",
      "s, simulated",
      "s, measured",
      "s, as printed",
    ]) {
      expect(page).toContain(part);
    }
    expect(page).not.toContain("No re-runs yet");
  });

  test("without results shows the published rows and how to make the rest", () => {
    const page = overviewOf();
    expect(page).toContain("No re-runs yet");
    expect(page).toContain("nas-harness run rs rea reinforce bohb");
    expect(page).toContain("35,781.80");
    expect(tableShapes(page)[0]?.rows).toHaveLength(18);
  });

  test("names methods that are not finished", () => {
    const output = temporaryFolder();
    writeMethodResults(output, { method: "halfway", runs: [{ values: 90 }], summary: false });
    expect(overviewOf({ results: [output] })).toContain("nas-bench-201-mean/halfway");
  });
});

describe("ranks", () => {
  const output = sharedTemporaryFolder();
  const runsAround = (mean: number) => Array.from({ length: 12 }, (_, at) => ({ values: mean + (at % 6) / 100 }));
  for (const [method, mean] of Object.entries({ one: 94, two: 94.005, three: 93 })) {
    writeMethodResults(output, { method, title: `Method ${method}`, runs: runsAround(mean) });
  }
  writeMethodResults(output, { method: "few", title: "Few runs", runs: runsAround(95).slice(3) });
  const { board } = collectedSite({ results: [output], published: [] }, sharedTemporaryFolder());

  test("are those that the runs leave open, and none of fewer than ten runs", () => {
    expect(board.sections[0]?.groups.map(({ row, rank }) => [row.method, rank])).toEqual([
      ["few", null],
      ["two", { best: 1, worst: 2, letters: ["a"] }],
      ["one", { best: 1, worst: 2, letters: ["a"] }],
      ["three", { best: 3, worst: 3, letters: [] }],
    ]);
    expect(board.sections[0]?.notes.join("\n")).toContain("Rows of fewer than 10 runs");
  });

  test("stand in every format", () => {
    const markdown = rendered(board, "leaderboard.md");
    expect(markdown).toContain("| 1–2 (a) | Method two |");
    expect(markdown).toContain("| 3 | Method three |");
    expect(rendered(board, "leaderboard.tex")).toContain("1--2$^{\\mathrm{a}}$ & Method two & ");
    const lines = parse(rendered(board, "leaderboard.csv"), { columns: true }) as Record<string, string>[];
    expect(lines.map((line) => [line.rank_best, line.rank_worst, line.not_told_apart])).toEqual([
      ["", "", ""],
      ["1", "2", "a"],
      ["1", "2", "a"],
      ["3", "3", ""],
    ]);
  });
});

describe("the other formats", () => {
  test("CSV has one line a row with all figures in full precision", () => {
    const lines = parse(rendered(BOARD, "leaderboard.csv"), { columns: true }) as Record<string, string>[];
    const groups = BOARD.sections.flatMap(({ groups: list }) => list);
    expect(lines.map(({ method }) => method)).toEqual(groups.map(({ row }) => row.method));
    for (const [at, { row, rank }] of groups.entries()) {
      const line = lines[at] as Record<string, string>;
      expect(line.title).toBe(row.title);
      expect([line.rank_best, line.rank_worst]).toEqual(rank === null ? ["", ""] : [`${rank.best}`, `${rank.worst}`]);
      expect(line.protocol).toBe(row.protocol.id);
      for (const [name, accuracy] of Object.entries(row.accuracies)) {
        const fields = ["mean", "std", "low", "high", "architecture"].map((figure) => line[`${name}.${figure}`]);
        const { mean, std, low, high, architecture } = accuracy ?? {};
        expect(fields).toEqual(
          [mean, std, low, high, architecture].map((value) => (value == null ? "" : String(value))),
        );
      }
    }
    expect(lines.find(({ method }) => method === "rea")?.["extra.code"]).toBe(HOSTILE);
  });

  test("JSON is the leaderboard itself", () => {
    expect(JSON.parse(rendered(BOARD, "leaderboard.json"))).toEqual({
      format: 2,
      ...JSON.parse(JSON.stringify(BOARD)),
    });
  });

  test("Markdown has tables of even width in which hostile names are text", () => {
    const markdown = rendered(BOARD, "leaderboard.md");
    const tables = markdown.split("\n\n").filter((block) => block.startsWith("|"));
    expect(tables).toHaveLength(BOARD.sections.length);
    for (const table of tables) {
      const widths = table.split("\n").map((line) => line.replace(/\\./g, "").split("|").length);
      expect(new Set(widths).size).toBe(1);
    }
    expect(markdown).not.toMatch(/<(img|script)/);
  });

  test("LaTeX has a booktabs table a section, rows of even width, and no command of others", () => {
    const latex = rendered(BOARD, "leaderboard.tex");
    const tables = latex.split("\\begin{tabular}").slice(1);
    expect(tables).toHaveLength(BOARD.sections.length);
    for (const table of tables) {
      const columns = /^\{(l?r+)\}/.exec(table)?.[1]?.length;
      const body = table.slice(table.indexOf("\\midrule"), table.indexOf("\\bottomrule"));
      const lines = body.split("\n").filter((line) => line.endsWith("\\\\"));
      expect(lines.length).toBeGreaterThan(0);
      for (const line of lines) expect(line.replace(/\\&/g, "").split("&")).toHaveLength(columns as number);
      for (const rule of ["\\toprule", "\\midrule", "\\bottomrule", "\\cmidrule"]) expect(table).toContain(rule);
    }
    expect(latex).not.toContain("\\input{");
    expect(latex).toContain("\\textbackslash{}input\\{x\\}");
    for (const { row } of BOARD.sections[0]?.groups ?? []) expect(rowTitle(row)).not.toContain("\n");
  });
});
