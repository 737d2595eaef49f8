import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { openTableFolder } from "../../leaderboard/generator/computed-rows.ts";
import { Html } from "../../leaderboard/generator/html.ts";
import { tableFigures } from "../../leaderboard/site/charts/figures.ts";
import { isDrawn, paperFigure } from "../../leaderboard/site/charts/paper-figure.ts";
import { noChart, svgStart } from "../../leaderboard/site/charts/plot-svg.ts";
import { tableFacts } from "../../leaderboard/site/table-facts.ts";
import { runCommandLine } from "../helpers/command-line.ts";
import { EMBEDDED_TABLE } from "../helpers/embedded-table.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";

const chart = new Html(
  `${svgStart(520, 260, { title: "a & b", text: "<none>" })}<path stroke="currentColor" d="M0 0"/></svg>`,
);

describe("a figure for a paper", () => {
  test("is a document of its own in black, with a font that is everywhere", () => {
    const text = paperFigure(chart, null);
    expect(text).toMatch(/^<\?xml version="1.0" encoding="UTF-8"\?>\n<svg xmlns="http:\/\/www.w3.org\/2000\/svg" /);
    expect(text).not.toContain("currentColor");
    expect(text).toContain('font-family="Helvetica, Arial,');
    expect(text).toContain(' width="520" height="260"');
  });

  test("has the width that was asked for and keeps its shape", () => {
    expect(paperFigure(chart, 84)).toContain(' width="84mm" height="42.0mm"');
    expect(paperFigure(chart, 84)).toContain('viewBox="0 0 520 260"');
  });

  test("a sentence is none", () => {
    expect(isDrawn(chart)).toBe(true);
    expect(isDrawn(noChart("Nothing <here>."))).toBe(false);
  });
});

describe("leaderboard figures", () => {
  test("without runs: what the table gives, as files that it lists", async () => {
    const cwd = temporaryFolder();
    const { exitCode, stdout, stderr } = await runCommandLine(["leaderboard", "figures", "--width", "84"], { cwd });
    expect(exitCode, stderr).toBe(0);
    const facts = tableFacts(openTableFolder(EMBEDDED_TABLE));
    const [folder] = readdirSync(path.join(cwd, "figures", "tables"));
    const files = tableFigures(facts).map(({ name, chart: drawn }) => ({
      file: path.join("figures", "tables", folder as string, `${name}.svg`),
      text: paperFigure(drawn, 84),
    }));
    expect(stdout.trim().split("\n")).toEqual(files.map(({ file }) => file));
    for (const { file, text } of files) expect(readFileSync(path.join(cwd, file), "utf8")).toBe(text);
    expect(existsSync(path.join(cwd, "site"))).toBe(false);
  });

  test("a benchmark that there is not, a width that is none, a folder that is a file", async () => {
    const cwd = temporaryFolder();
    writeFileSync(path.join(cwd, "taken"), "mine");
    mkdirSync(path.join(cwd, "results"));
    const refusals = [
      [["--benchmark", "nope"], "NAS_USAGE: there are no runs of benchmark nope"],
      [["--width", "-3"], 'NAS_USAGE: "-3" is not allowed here'],
      [["-o", "taken"], "NAS_WRITE_FAILED"],
    ] as const;
    const results = await Promise.all(
      refusals.map(([words]) => runCommandLine(["leaderboard", "figures", ...words], { cwd })),
    );
    results.forEach(({ exitCode, stderr, stdout }, at) => {
      expect(stderr).toContain((refusals[at] as (typeof refusals)[number])[1]);
      expect(stderr).not.toMatch(/^\s+at /m);
      expect(exitCode).not.toBe(0);
      expect(stdout).toBe("");
    });
    expect(readFileSync(path.join(cwd, "taken"), "utf8")).toBe("mine");
  });
});
