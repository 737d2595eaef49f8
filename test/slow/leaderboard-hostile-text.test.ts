import fc from "fast-check";
import { parseHTML } from "linkedom";
import { describe, expect, inject, test } from "vitest";
import { renderBibtex } from "../../leaderboard/site/bibtex.ts";
import { renderPages } from "../../leaderboard/site/build-site.ts";
import { OpenTables } from "../../leaderboard/site/open-tables.ts";
import { withText } from "../helpers/generated-site.ts";
import { sharedTemporaryFolder } from "../helpers/temporary-folder.ts";
import { collectedSite } from "../leaderboard/collected-site.ts";
import { writeMethodResults } from "../statistics/method-results.ts";

const results = sharedTemporaryFolder();
for (const method of ["rea", "rs"]) {
  const runs = Array.from({ length: 10 }, (_, at) => ({ values: 90 + at / 10, evaluated: [at, at + 1] }));
  writeMethodResults(results, {
    method,
    title: method,
    runs: [...runs, { failure: { code: "NAS_ALGORITHM_DIED", what: "x" } }],
  });
}
const SITE = collectedSite(
  {
    results: [results],
    tables: [inject("generatedTable")],
    extraColumns: [{ name: "code", title: "Code", cell: ({ method }) => method }],
  },
  sharedTemporaryFolder(),
);

const TABLES = new OpenTables();

/** One page of each kind: the first of each folder, and the overview. */
function onePageOfEachKind(text: string): Map<string, string> {
  const pages = new Map<string, string>();
  for (const { place, render } of renderPages(withText(SITE, text), TABLES)) {
    const kind = place.split("/")[0] as string;
    if (!pages.has(kind)) pages.set(kind, render());
  }
  return pages;
}

interface Node {
  readonly tagName: string;
  readonly attributes: Iterable<{ readonly name: string; readonly value: string }>;
  readonly children: Iterable<Node>;
}

/**
 * The tags and names of attributes of a page outside of its plots, in order: what text must never change.
 * @throws AssertionError if something in the page could act
 */
function skeletonOf(page: string, kind: string): string[] {
  const { document } = parseHTML(page) as unknown as { document: { documentElement: Node } };
  const skeleton: string[] = [];
  const visit = (node: Node, isInPlot: boolean) => {
    const names: string[] = [];
    if (/^(iframe|object|embed|img|form|foreignObject|base)$/i.test(node.tagName))
      expect.fail(`${node.tagName} on ${kind}`);
    for (const { name, value } of node.attributes) {
      names.push(name);
      if (/^on/i.test(name)) expect.fail(`attribute ${name} on ${kind}`);
      if (/^(href|src)$/.test(name) && /^\s*(javascript|vbscript|file):/i.test(value))
        expect.fail(`${value} on ${kind}`);
    }
    const inside = isInPlot || node.tagName.toLowerCase() === "svg";
    if (inside && /^script$/i.test(node.tagName)) expect.fail(`a script in a plot on ${kind}`);
    if (!inside) skeleton.push(`${node.tagName} ${names.join(" ")}`);
    for (const child of node.children) visit(child, inside);
  };
  visit(document.documentElement, false);
  return skeleton;
}

const PLAIN = new Map([...onePageOfEachKind("plain words")].map(([kind, page]) => [kind, skeletonOf(page, kind)]));

const HOSTILE: readonly string[] = [
  `<script>alert(1)</script><img src=x onerror=alert(2)>`,
  `"><svg onload=alert(1)>' onmouseover='x`,
  "</title></style></table></svg><h1>",
  "javascript:alert(1)",
  "very long ".repeat(400),
  "word".repeat(1000),
  "\u202Eright to left\u202C \u2066\u200F",
  "👩‍🔬🧪 \u{1F469}\u200D\u{1F52C}",
  "\\input{/etc/passwd} $x^2$ %comment & # _ { } ~",
  '=HYPERLINK("http://example.org")',
  "-->]]>&lt;&amp;&#60;",
  "\u0000\u001b[2J\n\r\t\u2028",
];

describe("text of others on every kind of page", () => {
  test("there is a page of each kind", () => {
    expect([...PLAIN.keys()].sort()).toEqual(["architectures", "benchmarks", "index.html", "methods", "tables"]);
  });

  test.each(HOSTILE.map((text) => [text.slice(0, 40), text] as const))("%j changes no markup", (_, text) => {
    for (const [kind, page] of onePageOfEachKind(text)) {
      expect(skeletonOf(page, kind), kind).toEqual(PLAIN.get(kind));
    }
  });

  test("nor does any other text", { timeout: 60_000 }, () => {
    const part = fc.constantFrom(
      "<",
      ">",
      '"',
      "'",
      "&",
      "script",
      "</",
      "-->",
      "<!--",
      "]]>",
      "\u202E",
      "{",
      "\\",
      "=",
      " ",
    );
    const text = fc.array(fc.oneof(part, fc.string({ unit: "binary", maxLength: 5 })), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(text, (parts) => {
        for (const [kind, page] of onePageOfEachKind(`x${parts.join("")}`)) {
          expect(skeletonOf(page, kind), kind).toEqual(PLAIN.get(kind));
        }
      }),
      { numRuns: 4, seed: 7 },
    );
  });
});

describe("BibTeX", () => {
  test.each(HOSTILE.map((text) => [text.slice(0, 40), text] as const))(
    "of %j has balanced braces and no command of others",
    (_, text) => {
      const bibtex = renderBibtex(withText(SITE, text).site);
      let depth = 0;
      for (const sign of bibtex.replace(/\\[{}$&#_%]/g, "")) {
        if (sign === "{") depth++;
        if (sign === "}") depth--;
        expect(depth).toBeGreaterThanOrEqual(0);
      }
      expect(depth).toBe(0);
      expect(bibtex).not.toContain("\\input");
      expect(bibtex.match(/^@/gm)).toHaveLength(1);
      expect(bibtex).not.toMatch(/[\u202A-\u202E\u2066-\u2069]/);
      expect(bibtex.replaceAll("\n", "")).not.toMatch(/\p{Cc}/u);
    },
  );
});
