import { type Html, html } from "../../generator/html.ts";
import type { MethodResult } from "../site-model.ts";
import { factList, outsideLink, pageSection, plainTable } from "./page-parts.ts";

const RESULTS = {
  PASSED: "All checks passed.",
  WARNED: "All checks passed, but the method did not run in a box, so this counts on the machine that made it only.",
  FAILED: "At least one check failed: the figures of this row are not confirmed.",
} as const;

/** Why there is no statement to show. */
function missingText({ row }: MethodResult): string {
  if (row.standing?.kind === "local")
    return "These runs were made by whoever wrote this page and were not submitted, so nobody verified them.";
  return "Nobody has run this submission again yet: its figures are the submitters' own claim.";
}

/** What verification found, check by check, and the statistics under fresh seeds. */
export function verificationSection(result: MethodResult): Html {
  const { statement } = result;
  if (statement === null) {
    return pageSection("verification", "Verification", [
      html`<p>${missingText(result)}</p>
`,
    ]);
  }
  const { predicate, subject } = statement;
  const outcomes = [
    ...predicate.failedTests.map((name) => [name, "failed"]),
    ...predicate.warnedTests.map((name) => [name, "skipped"]),
    ...predicate.passedTests.map((name) => [name, "passed"]),
  ].map((cells) => ({ cells }));
  const fresh = (subject[0]?.annotations?.freshSeeds ?? []).flatMap(({ search, runs, columns }) =>
    Object.entries(columns).map(([column, statistic]) => ({
      cells: [
        column,
        search,
        runs,
        statistic === null ? null : `${statistic.mean.toFixed(2)} ± ${statistic.std.toFixed(2)}`,
        statistic === null ? null : `[${statistic.low.toFixed(2)}, ${statistic.high.toFixed(2)}]`,
      ],
    })),
  );
  return pageSection("verification", "Verification", [
    html`<p>${RESULTS[predicate.result]}</p>
`,
    factList([
      [
        "Made by",
        predicate.url === undefined ? "nas-harness verify, by hand" : outsideLink(predicate.url, predicate.url),
      ],
      ["SHA-256 of the submission", html`<code>${subject[0]?.digest?.sha256 ?? ""}</code>`],
      ...predicate.configuration.map(
        ({ name, digest }) => [name, html`<code>${Object.values(digest ?? {}).join(" ")}</code>`] as const,
      ),
    ]),
    plainTable("checks", "Checks", ["Check", "Outcome"], outcomes),
    fresh.length === 0
      ? null
      : plainTable(
          "fresh-seeds",
          "Runs under fresh seeds, which nobody could know when the submitted runs were made",
          ["Column", "Search", "Runs", "Mean ± std, %", "95 % interval"],
          fresh,
        ),
  ]);
}
