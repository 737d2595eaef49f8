import { mannWhitney } from "../../statistics/mann-whitney.ts";
import { code, escaped, fixed, listed, paragraphs, percentage, table } from "../datasheet/markdown.ts";
import { RANDOM_SEARCH, runsText } from "./overview-section.ts";
import { meanOf, plusMinus, signed } from "./phrases.ts";
import type { TrainingReport } from "./report.ts";
import { valuesOf } from "./trained-runs.ts";
import { variantName } from "./weight-sharing-methods.ts";

/** Whether weight-sharing methods reach random search's mean, as a sentence; empty without random search. */
export function reachSentence({ trained, others }: TrainingReport): string {
  const rs = others.find(({ method }) => method === RANDOM_SEARCH);
  if (rs === undefined) return "";
  const yardstick = meanOf(rs.test);
  const reaching = trained.filter((method) => meanOf(valuesOf(method, "test")) >= yardstick);
  const of = `the mean test accuracy of RS (${fixed(yardstick)} over ${fixed(rs.test.length, 0)} runs)`;
  if (reaching.length === 0) return `**No weight-sharing method reaches ${of}.**`;
  const names = listed(
    reaching.map(
      (own) =>
        `${variantName(own)} (${fixed(meanOf(valuesOf(own, "test")))}, for ${fixed(meanOf(valuesOf(own, "seconds")) / rs.seconds, 1)} times the simulated seconds)`,
    ),
  );
  const [some, verb] = [fixed(reaching.length, 0), reaching.length === 1 ? "reaches" : "reach"];
  const count = reaching.length === trained.length ? `All ${some}` : `${some} of ${fixed(trained.length, 0)}`;
  const who = trained.length === 1 ? "The one variant" : `${count} variants`;
  return `**${who} of weight-sharing methods ${verb} ${of}:** ${names}.`;
}

/** The section that compares with the methods that look values up. */
export function tabularSection(report: TrainingReport): string[] {
  const { trained, others } = report;
  const title = "## Compared with the other methods";
  if (others.length === 0) {
    return [title, "", ...paragraphs("The results folder holds no other finished method under this protocol.")];
  }
  const rs = others.find(({ method }) => method === RANDOM_SEARCH);
  const all = [
    ...trained.map((own) => ({
      name: `**${variantName(own)}**`,
      test: valuesOf(own, "test"),
      failed: own.failed,
      beaten: meanOf(valuesOf(own, "beaten")),
      seconds: meanOf(valuesOf(own, "seconds")),
    })),
    ...others.map((own) => ({ ...own, name: escaped(own.title) })),
  ].sort((a, b) => meanOf(b.test) - meanOf(a.test));
  const compared = (test: readonly number[]) =>
    rs === undefined
      ? []
      : [
          signed(meanOf(test) - meanOf(rs.test)),
          test === rs.test ? fixed(null) : percentage(mannWhitney(test, rs.test).superiority, 0),
        ];
  return [
    title,
    "",
    ...paragraphs(
      reachSentence(report),
      rs === undefined ? `There are no results of random search (${code(RANDOM_SEARCH)}) here.` : "",
    ),
    ...table(
      ["method", "runs", "test", ...(rs === undefined ? [] : ["less RS", "above RS"]), "cells beaten", "simulated s"],
      all.map(({ name, test, failed, beaten, seconds }) => [
        name,
        runsText(test.length, failed),
        plusMinus(test),
        ...compared(test),
        percentage(beaten),
        fixed(seconds, 1),
      ]),
    ),
    ...paragraphs(
      `By descending mean; weight-sharing methods in bold.${rs === undefined ? "" : ' "Less RS": the mean less that of RS, in points. "Above RS": how often a run of the method ends above a run of RS, over all pairs of runs, equal ones counting a half.'} The methods did not spend the same: look at the seconds.`,
    ),
  ];
}
