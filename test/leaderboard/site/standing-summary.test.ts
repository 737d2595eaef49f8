import { expect, test } from "vitest";
import type { Section } from "../../../leaderboard/generator/leaderboard.ts";
import { standingSummary } from "../../../leaderboard/site/pages/standing-summary.ts";
import { HOSTILE, type MadeUpMethod, METHODS, madeUpBenchmark } from "./made-up-benchmark.ts";

const summaryOf = (methods: readonly MadeUpMethod[]) =>
  standingSummary(madeUpBenchmark(methods).section)
    ?.text.replace(/<[^>]*>/g, "")
    .trim();
const around = (mean: number) => Array.from({ length: 30 }, (_, at) => mean + (at % 10) / 20 - 0.225);

test("names the rows that come first together, how far apart they are, and what nobody verified", () => {
  expect(summaryOf(METHODS)).toBe(
    "Best on CIFAR-10 test: REA and REINFORCE (93.95 to 93.93 %); their runs do not tell them apart. The last of them is 0.43 points above RS. 1 row with few runs is not ranked. 1 of 5 rows verified by continuous integration; 1 row failed verification.",
  );
});

test("names a single first row with its margin", () => {
  const methods = [
    { method: "one", values: around(94) },
    { method: "two", values: around(93) },
  ];
  expect(summaryOf(methods)).toBe(
    "Best on CIFAR-10 test: ONE, 94.00 ± 0.14 %, 1.00 points above TWO. Its runs are told apart from those of the other ranked row.",
  );
});

test("says plainly where nothing is verified", () => {
  const methods = ["one", "two"].map((method) => ({ method, values: around(94), standing: "claimed" as const }));
  expect(summaryOf(methods)).toContain(
    "No row of 2 is verified by continuous integration yet: the figures are their authors&#39; claims.",
  );
});

test("counts names beyond the sixth", () => {
  const methods = Array.from({ length: 9 }, (_, at) => ({ method: `m${at}`, values: around(94) }));
  expect(summaryOf(methods)).toContain("M0, M1, M2, M3, M4 and 4 more (94.00 to 94.00 %)");
});

test("shows names of others as text", () => {
  const methods = [
    { method: "evil", title: HOSTILE, values: around(94) },
    { method: "two", values: around(93) },
  ];
  const text = standingSummary(madeUpBenchmark(methods).section)?.text ?? "";
  expect(text).toContain("&lt;script&gt;");
  expect(text).not.toContain("<script>");
});

test("is nothing without ranks", () => {
  const { section } = madeUpBenchmark(METHODS);
  const unranked: Section = { ...section, groups: section.groups.map((group) => ({ ...group, rank: null })) };
  expect(standingSummary(unranked)).toBeNull();
  expect(standingSummary({ ...section, rankedBy: null })).toBeNull();
});

test("claims no more of a single first row than its rank range does, and no margin that there is not", () => {
  const { section } = madeUpBenchmark([
    { method: "one", values: around(93) },
    { method: "two", values: around(94) },
  ]);
  // The tests compare ranks of values, so the mean of a row that comes first may be the lower one.
  const ranks = [
    { best: 1, worst: 2, letters: [] },
    { best: 2, worst: 2, letters: [] },
  ];
  const groups = section.groups.map((group, at) => ({ ...group, rank: ranks[at] ?? null }));
  expect(standingSummary({ ...section, groups })?.text).toContain(
    "Best on CIFAR-10 test: ONE, 93.00 ± 0.14 %. Its runs are not told apart from those of every row below it.",
  );
});
