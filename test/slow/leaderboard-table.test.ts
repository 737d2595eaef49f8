import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { axeViolations } from "../helpers/axe.ts";
import { CHROMIUM } from "../helpers/chromium.ts";
import { servedMadeUpSite } from "../leaderboard/site/served-made-up-site.ts";

/** Titles of the rows that are shown, in order; published ones with a mark. */
function shownRows(page: Page): Promise<string[]> {
  return page.locator("table tbody tr:visible").evaluateAll((rows) =>
    rows.map((row) => {
      const head = row.querySelector("th") as unknown as { dataset: { sort: string } };
      return `${head.dataset.sort.slice(0, 9)}${row.className.includes("published") ? "*" : ""}`;
    }),
  );
}

const ORDER = ["GDAS", "REA", "rea*", "REINFORCE", "reinforce*", "RS", "rs*", "=1+1 <img", "optimal"];

const query = (page: Page) => Object.fromEntries(new URL(page.url()).searchParams);

const title = CHROMIUM === undefined ? "the table in a browser (needs Chromium, not found)" : "the table in a browser";

describe.skipIf(CHROMIUM === undefined)(title, () => {
  const { open, file, address } = servedMadeUpSite();

  test("sorts whole groups by any column, numbers as numbers, rows without a figure last", () =>
    open(file, {}, async (page) => {
      expect(await shownRows(page)).toEqual(ORDER);
      const press = (name: string) => page.locator(`th[data-column="${name}"] button`).click();
      await press("cifar10.test");
      expect(await shownRows(page)).toEqual(["optimal", ...ORDER.slice(0, -1)]);
      expect(await page.locator("[aria-sort]").evaluateAll((heads) => heads.map((head) => head.ariaSort))).toEqual([
        "descending",
      ]);
      await press("cifar10.test");
      expect((await shownRows(page)).slice(0, 3)).toEqual(["=1+1 <img", "RS", "rs*"]);
      await press("rank");
      expect(await shownRows(page)).toEqual([...ORDER.slice(1, 8), "GDAS", "optimal"]);
      await press("search");
      expect((await shownRows(page)).at(-1)).toBe("optimal");
      expect(await page.getByRole("status").textContent()).toContain("Sorted by Search, ascending.");
    }));

  test("filters by facet and by name, and says how many rows are left", () =>
    open(file, {}, async (page) => {
      await page.getByRole("combobox", { name: "Source" }).selectOption("re-run");
      expect(await shownRows(page)).toEqual(["GDAS", "REA", "REINFORCE", "RS", "=1+1 <img"]);
      await page.getByRole("combobox", { name: "Kind of method" }).selectOption("trains by itself");
      expect(await shownRows(page)).toEqual(["GDAS"]);
      await page.getByRole("button", { name: "Reset" }).click();
      expect(await shownRows(page)).toEqual(ORDER);
      await page.getByRole("combobox", { name: "Standing" }).selectOption("verified");
      expect(await shownRows(page)).toEqual(["REA", "rea*"]);
      await page.getByRole("combobox", { name: "Standing" }).selectOption("");
      await page.getByRole("combobox", { name: "Protocol" }).selectOption("nas-bench-201 (published)");
      expect(await shownRows(page)).toEqual(["rea*", "reinforce*", "rs*", "optimal"]);
      await page.getByRole("combobox", { name: "Protocol" }).selectOption("");
      await page.getByLabel("Find").fill("reinf");
      expect(await shownRows(page)).toEqual(["REINFORCE", "reinforce*"]);
      expect(await page.getByRole("status").textContent()).toContain("2 of 9 rows.");
    }));

  test("keeps what was chosen in the address, over a reload and on another machine", async () => {
    for (const place of [file, address()]) {
      let shared = "";
      await open(place, {}, async (page) => {
        await page.locator('th[data-column="cifar10.test"] button').click();
        await page.getByRole("combobox", { name: "Source" }).selectOption("re-run");
        await page.getByRole("combobox", { name: "Compare with" }).selectOption("rs-1.0.0");
        await page.getByText("Columns", { exact: true }).click();
        await page.getByLabel("Evals").uncheck();
        await page.getByLabel("CIFAR-10 valid").uncheck();
        await expect
          .poll(() => query(page))
          .toEqual({
            sort: "-cifar10.test",
            source: "re-run",
            hide: "evals,cifar10.valid",
            with: "rs-1.0.0",
          });
        await page.reload();
        shared = page.url();
      });
      await open(shared, {}, async (page) => {
        expect(await shownRows(page)).toEqual(["GDAS", "REA", "REINFORCE", "RS", "=1+1 <img"]);
        expect(await page.locator('th[data-column="evals"]').isVisible()).toBe(false);
        expect(await page.locator("th.dataset").getAttribute("colspan")).toBe("1");
        expect(await page.getByRole("combobox", { name: "Compare with" }).inputValue()).toBe("rs-1.0.0");
        await page.getByRole("button", { name: "Reset" }).click();
        await expect.poll(() => query(page)).toEqual({});
        expect(await page.locator('th[data-column="evals"]').isVisible()).toBe(true);
      });
    }
  });

  test("passes over what an address names and the table does not have", () =>
    open(`${file}?sort=-nothing&source=moon&hide=method,x&with=gone&find=`, {}, async (page) => {
      expect(await shownRows(page)).toEqual(ORDER);
      expect(await page.locator("th.method").isVisible()).toBe(true);
      expect(await page.getByRole("button", { name: "Reset" }).isDisabled()).toBe(true);
    }));

  test("keeps the tables of one page apart in the address", () =>
    open(new URL("two.html", file).href, {}, async (page) => {
      await page.getByLabel("Find").nth(1).fill("rea");
      await expect.poll(() => query(page)).toEqual({ "two-1.0.0.find": "rea" });
      await page.reload();
      expect(await page.locator("table").nth(0).locator("tbody tr:visible").count()).toBe(9);
      expect(await page.locator("table").nth(1).locator("tbody tr:visible").count()).toBe(2);
    }));

  test("compares with one row: differences, p-values and what is not told apart", () =>
    open(file, {}, async (page) => {
      const small = (key: string) =>
        page.locator(`tr[data-key="${key}"] td.accuracy:nth-of-type(3) small:visible`).textContent();
      expect(await small("rea-1.0.0")).toMatch(/^\[93\.\d\d, 9\d\.\d\d\]$/);
      await page.getByRole("combobox", { name: "Compare with" }).selectOption("rea-1.0.0");
      expect(await small("reinforce-1.0.0")).toMatch(/^−0\.02 ≈ p [01]\.\d\d$/);
      expect(await small("rs-1.0.0")).toMatch(/^−0\.45, p/);
      expect(await small("published-rs")).toMatch(/^−0\.\d\d$/);
      expect(await page.locator("tr.alike").count()).toBe(1);
      expect(await page.getByRole("status").textContent()).toContain("Differences from REA");
      await page.getByRole("combobox", { name: "Compare with" }).selectOption("optimum");
      expect(await small("rea-1.0.0")).toMatch(/^−0\.4\d$/);
      await page.getByRole("combobox", { name: "Compare with" }).selectOption("");
      expect(await page.locator("small.difference").count()).toBe(0);
      expect(await small("rea-1.0.0")).toMatch(/^\[/);
    }));

  test("is worked with the keyboard alone", () =>
    open(file, {}, async (page) => {
      const name = () =>
        page.evaluate<string>(
          "(document.activeElement.getAttribute('aria-label') ?? document.activeElement.closest('label')?.textContent ?? document.activeElement.textContent).trim()",
        );
      const reached: string[] = [];
      for (let stops = 0; stops < 60; stops++) {
        await page.keyboard.press("Tab");
        const here = await name();
        if (reached.length > 3 && here === reached[0]) break;
        reached.push(here);
        if (here === "Columns") {
          await page.keyboard.press("Enter");
          await page.keyboard.press("Tab");
          await page.keyboard.press("Space");
          await expect.poll(() => query(page).hide).toBe("rank");
          await page.keyboard.press("Space");
          await page.keyboard.press("Escape");
          expect(await page.getByLabel("Rank", { exact: true }).isVisible()).toBe(false);
          expect(await name()).toBe("Columns");
        }
        if (here === "Regret") await page.keyboard.press("Enter");
      }
      for (const part of [
        "Skip to the content",
        "nas-harness leaderboard",
        "Columns",
        "Copy as LaTeX",
        "Rank",
        "REA",
      ]) {
        expect(reached).toContain(part);
      }
      expect(reached.some((text) => text.startsWith("Compare with"))).toBe(true);
      await expect.poll(() => query(page)).toEqual({ sort: "regret" });
    }));

  test("shows the theme that was chosen, also after a reload", () =>
    open(address(), { colorScheme: "light" }, async (page) => {
      const paper = () => page.evaluate<string>("getComputedStyle(document.body).backgroundColor");
      expect(await paper()).toBe("rgb(255, 255, 255)");
      await page.getByLabel("Theme").selectOption("dark");
      expect(await paper()).toBe("rgb(17, 20, 24)");
      await page.reload();
      expect(await paper()).toBe("rgb(17, 20, 24)");
      expect(await page.getByLabel("Theme").inputValue()).toBe("dark");
      await page.getByLabel("Theme").selectOption("system");
      expect(await paper()).toBe("rgb(255, 255, 255)");
    }));

  test.for([
    { width: 1280, colorScheme: "light" },
    { width: 1280, colorScheme: "dark" },
    { width: 360, colorScheme: "light" },
    { width: 360, colorScheme: "dark" },
  ] as const)("has nothing for axe to find, and no sideways scroll, at $width px, $colorScheme", (viewing) =>
    open(`${file}?with=rea-1.0.0`, viewing, async (page) => {
      const width = () => page.evaluate<number>("document.documentElement.scrollWidth");
      expect(await width()).toBe(viewing.width);
      if (viewing.width === 360) await page.locator(".tools > summary").click();
      await page.getByText("Columns", { exact: true }).click();
      expect(await width()).toBe(viewing.width);
      expect(await axeViolations(page)).toEqual([]);
    }),
  );

  test("is whole without script", () =>
    open(file, { javaScriptEnabled: false }, async (page) => {
      expect(await page.locator("table tbody tr:visible").count()).toBe(9);
      expect(await page.locator("button, select, input").count()).toBe(0);
      expect(await page.locator("td.rank").nth(1).textContent()).toContain("1–2");
    }));
});
