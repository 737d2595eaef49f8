import { existsSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseHTML } from "linkedom";
import { describe, expect, inject, test } from "vitest";
import { buildSite } from "../../leaderboard/site/build-site.ts";
import { contentOf, filesBelow } from "../helpers/folder-content.ts";
import { sharedTemporaryFolder, temporaryFolder } from "../helpers/temporary-folder.ts";
import { collectedSite } from "../leaderboard/collected-site.ts";
import { writeMethodResults } from "../statistics/method-results.ts";

const TABLE = inject("generatedTable");

/** Results of two methods; of REA the first run's values are given. */
function writeResults(folder: string, first = 93): void {
  const runs = (start: number, architecture: number) =>
    Array.from({ length: 10 }, (_, at) => ({
      values: at === 0 ? start : 90 + at / 10,
      evaluated: [architecture, architecture + 1],
    }));
  writeMethodResults(folder, { method: "rea", title: "REA", runs: runs(first, 10) });
  const failure = { code: "NAS_ALGORITHM_DIED", what: "it died" };
  writeMethodResults(folder, { method: "rs", title: "RS", runs: [...runs(92, 20), { failure }] });
}

const results = sharedTemporaryFolder();
writeResults(results);
const shared = sharedTemporaryFolder();
const sources = { results: [results], tables: [TABLE] };
buildSite(shared, collectedSite(sources, sharedTemporaryFolder()));

interface Element {
  readonly id: string;
  readonly textContent: string;
  getAttribute(name: string): string | null;
}

interface Page {
  querySelectorAll(selector: string): Iterable<Element>;
  querySelector(selector: string): Element | null;
}

function pageAt(folder: string, place: string): Page {
  return (parseHTML(readFileSync(path.join(folder, place), "utf8")) as unknown as { document: Page }).document;
}

const pagesOf = (folder: string) => filesBelow(folder).filter((name) => name.endsWith(".html"));

const isOfSite = (name: string) => !name.startsWith(".cache/");

/** What a site holds without its cache, in which times of change are. */
const siteOf = (folder: string) =>
  Object.fromEntries(Object.entries(contentOf(folder)).filter(([name]) => isOfSite(name)));

/** Sets the time of every file back, and gives the places of those of the site that a later build wrote. */
function writtenBy(folder: string, build: () => void): string[] {
  const old = new Date(1_000_000_000_000);
  for (const name of filesBelow(folder)) utimesSync(path.join(folder, name), old, old);
  build();
  return filesBelow(folder)
    .filter(isOfSite)
    .filter((name) => statSync(path.join(folder, name)).mtimeMs !== old.getTime());
}

describe("a built site", () => {
  test("has a page for the benchmark, each method, each architecture that was an answer, and the table", () => {
    const pages = pagesOf(shared);
    expect(pages).toContain("benchmarks/nas-bench-201-mean-1.0.0.html");
    expect(pages).toEqual(expect.arrayContaining(["methods/rea-1.0.0.html", "methods/rs-1.0.0.html"]));
    const answers = ["rea-1.0.0", "rs-1.0.0"].flatMap((id) =>
      [...pageAt(shared, `methods/${id}.html`).querySelectorAll("#runs ~ div td a")].map((link) => link.textContent),
    );
    expect(answers.length).toBeGreaterThanOrEqual(20);
    for (const answer of answers) expect(pages).toContain(`architectures/${answer}.html`);
    expect(pages).toContain("architectures/11472.html");
    expect(pages.filter((name) => name.startsWith("tables/"))).toHaveLength(1);
  });

  test("tells how far it is: row by row, then page by page", () => {
    const told: string[] = [];
    const collected = collectedSite(sources, temporaryFolder(), (done, total) => told.push(`row ${done}/${total}`));
    buildSite(temporaryFolder(), collected, (done, total) => told.push(`page ${done}/${total}`));
    const count = pagesOf(shared).length;
    const pages = Array.from({ length: count }, (_, at) => `page ${at + 1}/${count}`);
    expect(told).toEqual(["row 1/2", "row 2/2", ...pages]);
  });

  test("has only links that lead to a file, and to an anchor that is there", () => {
    let checked = 0;
    const ids = new Map<string, Set<string>>();
    const idsOf = (place: string) => {
      const known = ids.get(place) ?? new Set([...pageAt(shared, place).querySelectorAll("[id]")].map(({ id }) => id));
      ids.set(place, known);
      return known;
    };
    for (const place of pagesOf(shared)) {
      for (const link of pageAt(shared, place).querySelectorAll("[href], [src]")) {
        const address = (link.getAttribute("href") ?? link.getAttribute("src")) as string;
        if (/^(https?:|data:)/.test(address)) continue;
        const [file = "", anchor] = address.split("#");
        const target = file === "" ? place : path.posix.join(path.posix.dirname(place), file);
        expect(existsSync(path.join(shared, target)), `${address} on ${place}`).toBe(true);
        if (anchor !== undefined) expect(idsOf(target).has(anchor), `${address} on ${place}`).toBe(true);
        checked++;
      }
    }
    expect(checked).toBeGreaterThan(150);
  });

  test("has ids that are on a page once, and headings and tables with names", () => {
    for (const place of pagesOf(shared)) {
      const page = pageAt(shared, place);
      const ids = [...page.querySelectorAll("[id]")].map(({ id }) => id);
      expect(new Set(ids).size, place).toBe(ids.length);
      expect([...page.querySelectorAll("h1")], place).toHaveLength(1);
      for (const table of page.querySelectorAll("table caption")) expect(table.textContent.trim()).not.toBe("");
      for (const named of page.querySelectorAll("[aria-labelledby]")) {
        expect(ids, place).toContain(named.getAttribute("aria-labelledby"));
      }
    }
  });

  test("shows of a method its figures, its runs with seeds, its failures and how to make them again", () => {
    const page = readFileSync(path.join(shared, "methods/rs-1.0.0.html"), "utf8");
    for (const part of [
      "NAS_ALGORITHM_DIED",
      "10/11",
      "nas-harness run rs --protocol nas-bench-201-mean",
      'id="run-10"',
    ]) {
      expect(page).toContain(part);
    }
    const own = pageAt(shared, "methods/rs-1.0.0.html");
    expect([...own.querySelectorAll("tr[id^=run-]")]).toHaveLength(11);
    expect(own.querySelector("#run-3 code")?.textContent).toMatch(/^[0-9a-f]{16}$/);
    expect(page).toContain("were not submitted");
  });

  test("shows of an architecture its string, its values and who answered with it", () => {
    const link = pageAt(shared, "methods/rea-1.0.0.html").querySelector("#answers ~ div th a");
    const page = readFileSync(path.join(shared, `architectures/${link?.textContent}.html`), "utf8");
    expect(page).toMatch(/\|[a-z0-9_]+~0\|\+\|/);
    expect(page).toContain("methods/rea-1.0.0.html");
    expect(page).toContain("<svg");
    expect(page).toContain(`nas-harness query ${link?.textContent}`);
  });

  test("is the same, byte for byte, wherever it is built", () => {
    const other = temporaryFolder();
    buildSite(other, collectedSite(sources));
    expect(siteOf(other)).toEqual(siteOf(shared));
    for (const place of pagesOf(shared)) {
      const text = readFileSync(path.join(shared, place), "utf8");
      expect(text).not.toContain(path.dirname(shared));
      expect(text).not.toMatch(/\b20[2-9]\d-\d\d-\d\d\b/);
    }
  });
});

describe("building again", () => {
  function built(): { output: string; own: string; cache: string; build: () => void } {
    const [output, own, cache] = [temporaryFolder(), temporaryFolder(), temporaryFolder()];
    writeResults(own);
    const build = () => void buildSite(output, collectedSite({ results: [own], tables: [TABLE] }, cache));
    build();
    return { output, own, cache, build };
  }

  test("writes nothing where nothing changed", () => {
    const { output, build } = built();
    expect(writtenBy(output, build)).toEqual([]);
  });

  test("writes what changed, as a build from nothing does, and leaves the rest", () => {
    const { output, own, build } = built();
    rmSync(path.join(own, "nas-bench-201-mean"), { recursive: true });
    writeResults(own, 94);
    const written = writtenBy(output, build);
    expect(written).toEqual(expect.arrayContaining(["index.html", "methods/rea-1.0.0.html"]));
    expect(written).not.toContain("methods/rs-1.0.0.html");
    expect(written.filter((name) => name.startsWith("tables/"))).toEqual([]);
    const whole = temporaryFolder();
    buildSite(whole, collectedSite({ results: [own], tables: [TABLE] }));
    expect(siteOf(output)).toEqual(siteOf(whole));
  });

  test("makes of all methods only the new one's page, where a benchmark has more than 40 rows", () => {
    const [output, own, cache] = [temporaryFolder(), temporaryFolder(), temporaryFolder()];
    const addMethod = (at: number) => {
      const runs = Array.from({ length: 10 }, (_, run) => ({ values: 80 + at / 4 + run / 10, evaluated: [10, 11] }));
      writeMethodResults(own, { method: `method-${at}`, title: `Method ${at}`, runs });
    };
    const build = () => void buildSite(output, collectedSite({ results: [own], tables: [TABLE] }, cache));
    for (let at = 0; at < 41; at++) addMethod(at);
    build();
    addMethod(41);
    const written = writtenBy(output, build);
    expect(written.filter((name) => name.startsWith("methods/"))).toEqual(["methods/method-41-1.0.0.html"]);
    expect(written).toContain("benchmarks/nas-bench-201-mean-1.0.0.html");
    expect(written).toContain("index.html");
  });

  test("deletes pages that no longer belong to the site, and nothing of others", () => {
    const { output, own, build } = built();
    writeFileSync(path.join(output, "methods", "my-notes.html"), "<html>mine</html>\n");
    writeFileSync(path.join(output, "CNAME"), "example.org\n");
    rmSync(path.join(own, "nas-bench-201-mean", "rea"), { recursive: true });
    build();
    expect(readdirSync(path.join(output, "methods")).sort()).toEqual(["my-notes.html", "rs-1.0.0.html"]);
    expect(existsSync(path.join(output, "CNAME"))).toBe(true);
  });

  test.each<[string, (file: string) => void]>([
    ["is empty", (file) => writeFileSync(file, "")],
    ["lacks its end", (file) => writeFileSync(file, readFileSync(file, "utf8").slice(0, -40))],
    ["is gone", (file) => rmSync(file)],
  ])("makes a page anew that %s", (_, damage) => {
    const { output, build } = built();
    const file = path.join(output, "methods/rs-1.0.0.html");
    const before = readFileSync(file, "utf8");
    damage(file);
    expect(writtenBy(output, build)).toContain("methods/rs-1.0.0.html");
    expect(readFileSync(file, "utf8")).toBe(before);
  });

  test("makes facts anew whose file is damaged", () => {
    const { output, cache, build } = built();
    const facts = path.join(cache, "facts");
    for (const name of readdirSync(facts)) writeFileSync(path.join(facts, name), "{");
    expect(writtenBy(output, build)).toEqual([]);
  });

  test("changes nothing where a file can't be written", () => {
    const { output, own, build } = built();
    rmSync(path.join(own, "nas-bench-201-mean"), { recursive: true });
    writeResults(own, 94);
    // A folder in the place of a page: it can be neither read as a page nor replaced by one.
    rmSync(path.join(output, "benchmarks"), { recursive: true });
    writeFileSync(path.join(output, "benchmarks"), "a file, not a folder\n");
    const before = contentOf(output);
    expect(build).toThrow(expect.objectContaining({ code: "NAS_WRITE_FAILED" }));
    expect(contentOf(output)).toEqual(before);
  });
});
