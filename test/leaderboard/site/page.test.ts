import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { html } from "../../../leaderboard/generator/html.ts";
import { readAssets } from "../../../leaderboard/site/asset-files.ts";
import { renderPage } from "../../../leaderboard/site/page.ts";
import { groupLetter, rankRanges } from "../../../leaderboard/site/rank-groups.ts";
import { attributesOf, elementsOf } from "../page-elements.ts";
import { HOSTILE, METHODS, madeUpBenchmark } from "./made-up-benchmark.ts";

const ASSETS = readAssets();
const PAGE = renderPage(
  {
    title: HOSTILE,
    root: "../",
    trail: [
      { label: "Methods", href: "../index.html" },
      { label: HOSTILE, href: null },
    ],
    main: html`<p>text</p>`,
  },
  ASSETS,
);

describe("a page", () => {
  test("loads its own files only, each from below the root", () => {
    const addresses = [...PAGE.matchAll(/(?:href|src)="([^"]*)"/g)].map(([, address]) => address);
    expect(addresses).toContain(`../assets/${ASSETS.style.name}`);
    expect(addresses).toContain(`../assets/${ASSETS.script.name}`);
    expect(addresses.filter((address) => /^(https?:)?\/\//.test(address as string))).toEqual([]);
  });

  test("lets nothing run but its script, and no style but its own", () => {
    const meta = elementsOf(PAGE, "meta")
      .map(attributesOf)
      .find((one) => one.has("http-equiv"));
    const policy = new Map(
      (meta?.get("content") ?? "").split("; ").map((rule) => [rule.split(" ")[0], rule.split(" ").slice(1)]),
    );
    expect(policy.get("default-src")).toEqual(["'none'"]);
    expect(policy.get("script-src")).toEqual(["'self'"]);
    expect(policy.get("style-src")).toEqual(["'self'"]);
    const names = elementsOf(PAGE).flatMap((tag) => [...attributesOf(tag).keys()]);
    expect(names.filter((name) => name.startsWith("on"))).toEqual([]);
  });

  test("has one h1, the way back, and text of others as text", () => {
    expect(PAGE.match(/<h1>/g)).toHaveLength(1);
    expect(PAGE).toContain('<a href="../index.html">Methods</a>');
    expect(PAGE).toContain('aria-current="page"');
    expect(PAGE.match(/<script/g)).toHaveLength(1);
  });
});

describe("the assets", () => {
  test("are named by their content", () => {
    for (const { name, text } of [ASSETS.style, ASSETS.script]) {
      expect(name).toContain(createHash("sha256").update(text).digest("hex").slice(0, 12));
    }
    expect(readAssets()).toEqual(ASSETS);
  });

  test("are one classic script that parses, and ask for nothing elsewhere", () => {
    expect(ASSETS.script.text).not.toMatch(/^(import|export) /m);
    expect(() => new Function(ASSETS.script.text)).not.toThrow();
    expect(ASSETS.style.text + ASSETS.script.text).not.toMatch(/https?:|url\(|@import|fetch\(|XMLHttpRequest/);
    expect(ASSETS.style.text.length + ASSETS.script.text.length).toBeLessThan(100_000);
  });
});

describe("rank groups", () => {
  test("have letters that go on after z", () => {
    expect([0, 25, 26, 27, 701, 702].map(groupLetter)).toEqual(["a", "z", "aa", "ab", "zz", "aaa"]);
  });

  test("give every compared row a range, and a letter to those that share a group", () => {
    const distinction = madeUpBenchmark(METHODS).distinctions[1];
    const ranges = rankRanges(distinction as NonNullable<typeof distinction>);
    expect(Object.fromEntries(ranges)).toEqual({
      "rea-1.0.0": { best: 1, worst: 2, letters: ["a"] },
      "reinforce-1.0.0": { best: 1, worst: 2, letters: ["a"] },
      "rs-1.0.0": { best: 3, worst: 3, letters: [] },
      "evil-1.0.0": { best: 4, worst: 4, letters: [] },
    });
  });
});
