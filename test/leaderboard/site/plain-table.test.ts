import { expect, test } from "vitest";
import { html } from "../../../leaderboard/generator/html.ts";
import { plainTable } from "../../../leaderboard/site/pages/page-parts.ts";

const row = (...cells: (string | number | null)[]) => ({ cells });
const headsOf = (text: string) => [...text.matchAll(/<th scope="col"[^>]*>([^<]*)</g)].map(([, head]) => head);

test("columns in which there is nothing are left out, with their heads; the first one stays", () => {
  const { text } = plainTable("t", "c", ["A", "B", "C", "D"], [row(null, 1, null, "x"), row(null, null, null, "y")]);
  expect(headsOf(text)).toEqual(["A", "B", "D"]);
  expect(text.match(/<td/g)).toHaveLength(4);
  expect(headsOf(plainTable("t", "c", ["A", "B"], []).text)).toEqual(["A"]);
});

test("figures, ranges and numbers of architectures stand at the right", () => {
  const link = html`<a href="../architectures/5.html">5</a>`;
  const cells = ["name", 1, "93.92 ± 0.30", "1–2", "[93.88, 93.95]", link, "words", html`<a href="x">5 runs</a>`];
  const { text } = plainTable("t", "c", cells.map(String), [{ cells }]);
  expect([...text.matchAll(/<td class="number">/g)]).toHaveLength(5);
  expect(text).toContain("<td>words</td><td><a");
});

test("a long table says nothing in each cell: its style does", () => {
  const { text } = plainTable("t", "c", ["A", "B"], [row("x", 1)], "long");
  expect(text).toContain('<table class="plain long">');
  expect(text).toContain("<td>1</td>");
});
