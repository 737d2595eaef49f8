import { readdirSync, statSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { beforeAll, describe, expect, inject, test } from "vitest";
import { readCard } from "../../core/tables/search-view.ts";
import { findTables } from "../../core/tables/table-location.ts";
import { buildSite } from "../../leaderboard/site/build-site.ts";
import { axeViolations } from "../helpers/axe.ts";
import { CHROMIUM, sharedBrowser } from "../helpers/chromium.ts";
import { writeGeneratedCosts } from "../helpers/generated-costs.ts";
import { sharedTemporaryFolder } from "../helpers/temporary-folder.ts";
import { collectedSite } from "../leaderboard/collected-site.ts";
import { writeMethodResults } from "../statistics/method-results.ts";

const FAILURE = { code: "NAS_ALGORITHM_DIED", what: "it ended its process" };
const title = CHROMIUM === undefined ? "pages in a browser (needs Chromium, not found)" : "pages in a browser";

describe.skipIf(CHROMIUM === undefined)(title, () => {
  const [folder, cache, results, costs] = Array.from({ length: 4 }, () => sharedTemporaryFolder()) as [
    string,
    string,
    string,
    string,
  ];
  const open = sharedBrowser();
  const sizeOf = (place: string) => statSync(path.join(folder, place)).size;
  /** The smallest page of a kind. Axe takes minutes for a table of 500 runs, so the methods below have few. */
  const smallest = (kind: string) =>
    readdirSync(path.join(folder, kind))
      .map((name) => `${kind}/${name}`)
      .sort((a, b) => sizeOf(a) - sizeOf(b) || (a < b ? -1 : 1))[0] as string;

  beforeAll(() => {
    const submitted = { submissions: "leaderboard/submissions", verifications: "leaderboard/verifications" };
    const generated = inject("generatedTable");
    const { id, version, searchContentHash } = readCard(generated);
    const runs = Array.from({ length: 12 }, (_, at) => ({
      values: 80 + at / 10,
      rewards: [70, 75 + at],
      evaluated: [at, 9],
    }));
    for (const method of ["walk", "jump"]) {
      const table = { id, version, searchContentHash };
      writeMethodResults(results, { method, title: method, table, runs: [...runs, { failure: FAILURE }] });
    }
    writeGeneratedCosts(costs);
    const tables = [...findTables(), generated];
    buildSite(folder, collectedSite({ submitted, tables, results: [results], costs: [costs] }, cache));
  });

  test.for([
    "index.html",
    "benchmarks/fashion-mnist-8x8-1.0.0.html",
    "benchmarks/nas-bench-201-mean-1.0.0.html",
    "methods/enas-1.0.0.html",
    "methods/walk-1.0.0.html",
    "architectures",
    "tables",
  ])("%s: nothing for axe to find and no sideways scroll, light and wide, dark and narrow", async (kind) => {
    const place = kind.endsWith(".html") ? kind : smallest(kind);
    for (const viewing of [
      { width: 1280, colorScheme: "light" },
      { width: 360, colorScheme: "dark" },
    ] as const) {
      await open(pathToFileURL(path.join(folder, place)).href, viewing, async (page) => {
        expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(viewing.width);
        expect(await axeViolations(page), viewing.colorScheme).toEqual([]);
      });
    }
  });

  test("the first view is under 300 KB", async () => {
    const assets = readdirSync(path.join(folder, "assets")).map((name) => `assets/${name}`);
    const sizes = ["index.html", ...assets].map(sizeOf);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(300_000);
    await open(pathToFileURL(path.join(folder, "index.html")).href, {}, async (page) => {
      // Whatever the overview draws from a file would be more than what was added up.
      expect(await page.locator("img, iframe, object").count()).toBe(0);
    });
  });
});
