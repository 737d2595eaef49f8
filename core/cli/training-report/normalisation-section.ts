import { meanAndStd } from "../../statistics/run-statistics.ts";
import { fixed, listed, paragraphs, table } from "../datasheet/markdown.ts";
import { plusMinus, publishedText, signed, testSentence } from "./phrases.ts";
import { PUBLISHED_COLUMN } from "./published-section.ts";
import { publishedRow, type TrainingReport } from "./report.ts";
import { valuesOf } from "./trained-runs.ts";
import { WEIGHT_SHARING_METHODS } from "./weight-sharing-methods.ts";

/** The two variants of a method, compared. */
interface VariantPair {
  readonly title: string;
  readonly id: string;
  readonly evaluates: boolean;
  /** Test accuracies in percent, run by run. */
  readonly averages: readonly number[];
  readonly batch: readonly number[];
  /** Mean with batch statistics less that with running averages, in points. */
  readonly difference: number;
  /** Whether the difference is larger than both standard deviations. */
  readonly isLarge: boolean;
}

function variantPairs({ trained }: TrainingReport): VariantPair[] {
  return WEIGHT_SHARING_METHODS.flatMap(({ id, title, evaluates }) => {
    const variant = (usesBatchStatistics: boolean) =>
      trained.find((own) => own.id === id && own.usesBatchStatistics === usesBatchStatistics);
    const [one, other] = [variant(false), variant(true)];
    if (one === undefined || other === undefined) return [];
    const [averages, batch] = [valuesOf(one, "test"), valuesOf(other, "test")];
    const [first, second] = [meanAndStd(averages), meanAndStd(batch)];
    const difference = second.mean - first.mean;
    const isLarge = Math.abs(difference) > Math.max(first.std, second.std);
    return [{ id, title, evaluates, averages, batch, difference, isLarge }];
  });
}

/** What the differences between the variants amount to, in a sentence; empty without a pair. */
export function normalisationSentence(report: TrainingReport): string {
  const pairs = variantPairs(report);
  if (pairs.length === 0) return "";
  const higher = pairs.filter(({ difference }) => difference > 0).length;
  const large = pairs.filter(({ isLarge }) => isLarge).length;
  const methods = pairs.length === 1 ? "the one method" : `${fixed(pairs.length, 0)} methods`;
  return `Batch statistics have the higher mean in ${fixed(higher, 0)} of ${methods} with both variants; in ${fixed(large, 0)} the difference is larger than both standard deviations. ${testSentence(pairs.map(({ averages, batch }) => [averages.length, batch.length]))}`;
}

/** What the methods whose variants are the same procedure say of the others' differences; empty without such methods. */
function chanceText(pairs: readonly VariantPair[]): string {
  const [idle, evaluating] = [false, true].map((wanted) => pairs.filter(({ evaluates }) => evaluates === wanted));
  if (idle === undefined || evaluating === undefined || idle.length === 0) return "";
  const largest = (own: readonly VariantPair[]) => Math.max(...own.map(({ difference }) => Math.abs(difference)));
  const names = (own: readonly VariantPair[]) => listed(own.map(({ title }) => title));
  const many = idle.length > 1;
  const chance = `${names(idle)} only ${many ? "train their supernets, so their" : "trains its supernet, so its"} variants differ in nothing but their seeds: ${many ? "their differences" : "its difference"} of up to ${fixed(largest(idle))} points ${many ? "are" : "is"} what so few runs do by chance.`;
  if (evaluating.length === 0) return chance;
  const verdict =
    largest(evaluating) > largest(idle)
      ? `is larger than that, which is a hint and no proof`
      : `is no larger than that, so nothing here says that batch statistics matter`;
  return `${chance} The largest difference of the methods that do evaluate, ${names(evaluating)}, is ${fixed(largest(evaluating))} points; it ${verdict}.`;
}

/** The section on the two variants of batch normalisation. */
export function normalisationSection(report: TrainingReport): string[] {
  const pairs = variantPairs(report);
  const title = "## Do batch statistics matter?";
  if (pairs.length === 0) return [title, "", ...paragraphs("Not to be said: no method has finished in both variants.")];
  const published = (id: string, usesBatchStatistics: boolean) =>
    publishedRow(report, { id, title: id, variant: id, usesBatchStatistics })?.columns[PUBLISHED_COLUMN];
  return [
    title,
    "",
    ...paragraphs(
      "Batch normalisation of a supernet evaluates during the search by running averages or by the statistics of the batch itself.",
      normalisationSentence(report),
      chanceText(pairs),
    ),
    ...table(
      [
        "method",
        "running averages",
        "batch statistics",
        "difference",
        "published, running averages",
        "published, batch statistics",
      ],
      pairs.map(({ id, title: name, averages, batch, difference }) => [
        name,
        plusMinus(averages),
        plusMinus(batch),
        signed(difference),
        publishedText(published(id, false)),
        publishedText(published(id, true)),
      ]),
    ),
    ...paragraphs(
      "Test accuracy, mean ± standard deviation over runs; the difference is in points; published: CIFAR-10.",
    ),
  ];
}
