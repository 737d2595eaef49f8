import { parse } from "csv-parse/sync";
import { describe, expect, test } from "vitest";
import { CHROMIUM } from "../helpers/chromium.ts";
import { HOSTILE, METHODS, madeUpBenchmark } from "../leaderboard/site/made-up-benchmark.ts";
import { servedMadeUpSite } from "../leaderboard/site/served-made-up-site.ts";

const title = CHROMIUM === undefined ? "copies of a table (needs Chromium, not found)" : "copies of a table";

describe.skipIf(CHROMIUM === undefined)(title, () => {
  const { open, file, address } = servedMadeUpSite();

  test("are what is shown, in five formats, with the comparison", () =>
    open(address(), { permissions: ["clipboard-read", "clipboard-write"] }, async (page) => {
      await page.getByRole("combobox", { name: "Source" }).selectOption("re-run");
      const copied = async (name: string) => {
        await page.getByRole("button", { name: `Copy as ${name}` }).click();
        await page.getByText(`Copied what is shown as ${name}.`).waitFor();
        return page.evaluate<string>("navigator.clipboard.readText()");
      };
      const csv: Record<string, string>[] = parse(await copied("CSV"), { columns: true });
      expect(csv.map(({ method }) => method)).toEqual(["GDAS", "REA", "REINFORCE", "RS", `'${HOSTILE}`]);
      expect(csv[1]).toMatchObject({ rank_best: "1", rank_worst: "2", not_told_apart: "a", standing: "verified" });
      const mean = madeUpBenchmark(METHODS).results[1]?.row.accuracies["cifar10.test"]?.mean;
      expect(Number(csv[1]?.["cifar10.test.mean"])).toBe(mean);
      const json = JSON.parse(await copied("JSON"));
      expect(json.rows).toHaveLength(5);
      expect(json.rows[1]["cifar10.test.mean"]).toBe(mean);
      expect(json.rows[4].method).toBe(HOSTILE);
      const latex = await copied("LaTeX");
      expect(latex).toContain("\\toprule");
      expect(latex).toContain("\\cmidrule(lr){3-4}");
      expect(latex).toContain("1--2$^{\\mathrm{a}}$ & REA & ");
      expect(latex).not.toContain("\\input{");
      const markdown = (await copied("Markdown")).trim().split("\n");
      expect(markdown).toHaveLength(2 + 5);
      const bars = (line: string) => line.replaceAll("\\|", "").split("|").length;
      expect(new Set(markdown.map(bars)).size).toBe(1);
      expect(await copied("BibTeX")).toContain("@misc{rea-1.0.0}");
      expect(Object.keys(csv[0] ?? {}).filter((name) => name.endsWith(".difference"))).toEqual([]);
      await page.getByRole("combobox", { name: "Compare with" }).selectOption("rea-1.0.0");
      const [gdas, rea, reinforce, rs]: Record<string, string>[] = parse(await copied("CSV"), { columns: true });
      expect([rea?.["cifar10.test.difference"], rea?.["cifar10.test.p"]]).toEqual(["", ""]);
      expect(Number(rs?.["cifar10.test.difference"])).toBeCloseTo(93.5 - 93.95, 6);
      expect(Number(rs?.["cifar10.test.p"])).toBeLessThan(0.001);
      expect(Number(reinforce?.["cifar10.test.p"])).toBeGreaterThan(0.05);
      expect([Number(gdas?.["cifar10.test.difference"]) > 0, gdas?.["cifar10.test.p"]]).toEqual([true, ""]);
      expect(await copied("Markdown")).toMatch(/\| RS \|.*\(−0\.45, p &lt; 0\.001\) \|/);
      expect(await copied("LaTeX")).toContain("Differences from REA, in percentage points");
      expect(JSON.parse(await copied("JSON")).caption).toContain("Differences from REA");
    }));

  test("are shown as text, selected, where the clipboard is closed", () =>
    open(file, {}, async (page) => {
      await page.evaluate("navigator.clipboard.writeText = () => Promise.reject(new Error('closed'))");
      await page.getByRole("button", { name: "Copy as CSV" }).click();
      const area = page.getByLabel("CSV, to be copied by hand");
      expect(await area.inputValue()).toContain("rank_best,rank_worst");
      expect(await area.evaluate((shown) => shown.matches(":focus"))).toBe(true);
      await page.getByRole("button", { name: "Close" }).click();
      expect(await page.getByRole("button", { name: "Copy as CSV" }).evaluate((one) => one.matches(":focus"))).toBe(
        true,
      );
    }));
});
