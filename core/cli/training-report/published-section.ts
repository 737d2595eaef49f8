import type { PublishedRow } from "../../../schemas/generated/published-results.ts";
import { code, escaped, fixed, listed, paragraphs, table } from "../datasheet/markdown.ts";
import { meanOf, plusMinus, publishedText } from "./phrases.ts";
import { publishedRow, type TrainingReport } from "./report.ts";
import { valuesOf } from "./trained-runs.ts";
import { normalisationName, type Variant } from "./weight-sharing-methods.ts";

/** Column of the published rows that this page shows. */
export const PUBLISHED_COLUMN = "cifar10.test";
/** CIFAR-10 test accuracy in percent, as published, of the cell with skip connections on all six edges. */
const ALL_SKIP = 54.3;

const statisticOf = (row: PublishedRow | null) => row?.columns[PUBLISHED_COLUMN];

/** Places from 1 by descending value; equal values share the first place of theirs. */
export function placesOf(values: readonly number[]): number[] {
  return values.map((value) => 1 + values.filter((other) => other > value).length);
}

function isAlwaysAllSkip(row: PublishedRow): boolean {
  const statistic = statisticOf(row);
  return statistic?.mean === ALL_SKIP && statistic.std === 0;
}

/** What was published of methods, in both variants. */
export function publishedSentences(report: TrainingReport, methods: readonly { id: string; title: string }[]): string {
  return methods
    .map(({ id, title }) => {
      const variant = (usesBatchStatistics: boolean) =>
        publishedRow(report, { id, title, variant: id, usesBatchStatistics });
      const rows = [variant(false), variant(true)].filter((row) => row !== null);
      const parts = rows.map(
        (row) =>
          `${publishedText(statisticOf(row))} with ${normalisationName({ usesBatchStatistics: row.batchStatistics === true })}`,
      );
      if (parts.length === 0) return `No row of ${title} was published.`;
      const [first, second] = rows.map((row) => publishedText(statisticOf(row)));
      const texts = first === second ? `${first} in both variants` : listed(parts);
      const allSkip = rows.filter(isAlwaysAllSkip);
      const meaning =
        allSkip.length === 0
          ? ""
          : ` In NAS-Bench-201 ${fixed(ALL_SKIP)} is the mean accuracy of the cell with ${code("skip_connect")} on all six edges, so ${allSkip.length === rows.length ? "every run" : `every run of the row with ${listed(allSkip.map((row) => normalisationName({ usesBatchStatistics: row.batchStatistics === true })))}`} ended there.`;
      const runs = [...new Set(rows.flatMap((row) => row.runs ?? []))].map((count) => fixed(count, 0));
      return `${title} has ${texts} on CIFAR-10 test images (mean ± standard deviation over ${listed(runs)} runs).${meaning}`;
    })
    .join(" ");
}

/** The section that puts the published rows beside the results. */
export function publishedSection(report: TrainingReport): string[] {
  const { trained, published } = report;
  const pairs = trained.flatMap((method) => {
    const row = publishedRow(report, method as Variant);
    const statistic = statisticOf(row);
    return row === null || statistic === undefined ? [] : [{ method, row, statistic }];
  });
  const here = placesOf(pairs.map(({ method }) => meanOf(valuesOf(method, "test"))));
  const there = placesOf(pairs.map(({ statistic }) => statistic.mean));
  return [
    "## Beside the published rows",
    "",
    ...paragraphs(
      `${escaped(published.title)}: ${escaped(published.source)}.`,
      `**The accuracies of the two sources can't be compared.** Those here are of small networks trained for a short time on other images; the published ones are of CIFAR-10. The places are by mean test accuracy among the ${fixed(pairs.length, 0)} rows of this section; with so few runs neighbouring places mean little, and equal means share a place.`,
    ),
    ...table(
      [
        "method",
        "batch normalisation",
        "test, here",
        "place",
        "CIFAR-10 test, published",
        "place",
        "search s, published",
      ],
      pairs.map(({ method, row, statistic }, at) => [
        method.title,
        normalisationName(method),
        plusMinus(valuesOf(method, "test")),
        fixed(here[at] as number, 0),
        publishedText(statistic),
        fixed(there[at] as number, 0),
        fixed(row.searchSeconds),
      ]),
      2,
    ),
    ...paragraphs("Published search seconds are GPU seconds of the authors' machine."),
  ];
}
