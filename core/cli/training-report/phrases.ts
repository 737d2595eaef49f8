import { meanAndStd } from "../../statistics/run-statistics.ts";
import { fixed, listed, percentage } from "../datasheet/markdown.ts";

/** Level at which a test would call a difference more than chance. */
const LEVEL = 0.05;

/** `81.94 ± 0.52`: mean and standard deviation (ddof 0) of at least one value in percent. */
export function plusMinus(values: readonly number[]): string {
  const { mean, std } = meanAndStd(values);
  return `${fixed(mean)} ± ${fixed(std)}`;
}

/** `93.61 ± 0.09` as published, or a dash where a row prints nothing. */
export function publishedText(statistic: { readonly mean: number; readonly std: number | null } | undefined): string {
  if (statistic === undefined) return fixed(null);
  return statistic.std === null ? fixed(statistic.mean) : `${fixed(statistic.mean)} ± ${fixed(statistic.std)}`;
}

/** Mean of at least one value. */
export function meanOf(values: readonly number[]): number {
  return meanAndStd(values).mean;
}

/** A difference with its sign, `+0.42` or `-0.13`; `0.00` without one. */
export function signed(difference: number, digits = 2): string {
  const text = fixed(difference, digits);
  return /^[-0.,]/.test(text) && (text.startsWith("-") || Number(text) === 0) ? text : `+${text}`;
}

/** Smallest two-sided p-value that an exact Mann-Whitney test can give on two samples of these sizes without ties. */
export function smallestP(first: number, second: number): number {
  let orders = 1;
  for (let at = 1; at <= second; at++) orders = (orders * (first + at)) / at;
  return 2 / orders;
}

/** What numbers of runs can and can't show, as a sentence. */
export function testSentence(sizes: readonly (readonly [first: number, second: number])[]): string {
  const smallest = Math.min(...sizes.map(([first, second]) => smallestP(first, second)));
  if (smallest < LEVEL) return "The differences are not tested here.";
  const runs = [...new Set(sizes.map(([first, second]) => `${fixed(first, 0)} against ${fixed(second, 0)} runs`))];
  const bound = sizes.length > 1 && runs.length > 1 ? " at best" : "";
  return `Mann-Whitney can't call such a difference more than chance at the 5 % level: with ${listed(runs)} its smallest two-sided p is ${fixed(Math.min(1, smallest), 2)}${bound}.`;
}

/** Shares of operations as cells of a table. */
export function shareCells(shares: readonly number[]): string[] {
  return shares.map((share) => percentage(share, 0));
}
