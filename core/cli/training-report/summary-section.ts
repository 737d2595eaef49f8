import { bullets, counted, fixed, listed } from "../datasheet/markdown.ts";
import { allSkipSentence, collapseSentence } from "./collapse.ts";
import { normalisationSentence } from "./normalisation-section.ts";
import { meanOf, plusMinus } from "./phrases.ts";
import type { TrainingReport } from "./report.ts";
import { reachSentence } from "./tabular-section.ts";
import { type TrainedMethod, valuesOf } from "./trained-runs.ts";
import { variantName } from "./weight-sharing-methods.ts";

const COLLAPSING = [
  { id: "darts-v1", title: "DARTS-V1" },
  { id: "darts-v2", title: "DARTS-V2" },
  { id: "enas", title: "ENAS" },
] as const;

function rangeSentence({ trained, standing }: TrainingReport): string {
  const ordered = [...trained].sort((a, b) => meanOf(valuesOf(b, "test")) - meanOf(valuesOf(a, "test")));
  const [best, worst] = [ordered[0] as TrainedMethod, ordered.at(-1) as TrainedMethod];
  const text = (own: TrainedMethod) =>
    `${variantName(own)} (${plusMinus(valuesOf(own, "test"))} over ${counted(own.runs.length, "run")})`;
  const random = `a uniformly random cell has ${fixed(standing.mean)}`;
  if (ordered.length === 1) return `The mean test accuracy of ${text(best)}; ${random}.`;
  const below = ordered.filter((own) => meanOf(valuesOf(own, "test")) < standing.mean);
  const behind =
    below.length === 0
      ? "no variant's mean is below that"
      : `below that ${below.length === 1 ? "is the mean" : "are the means"} of ${listed(below.map(variantName))}`;
  return `Highest mean test accuracy of the weight-sharing methods: ${text(best)}; lowest: ${text(worst)}. On average ${random}; ${behind}.`;
}

/** The page's main points. */
export function summarySection(report: TrainingReport): string[] {
  const collapses = COLLAPSING.flatMap(({ id, title }) => {
    const own = report.trained.filter((method) => method.id === id);
    return own.length === 0 ? [] : [collapseSentence(title, own).replace(/^[^:]+:/, "**$&**")];
  });
  const points = [
    rangeSentence(report),
    reachSentence(report),
    ...collapses,
    ...(collapses.length === 0 ? [] : [allSkipSentence(report.standing)]),
    normalisationSentence(report),
  ];
  return ["## In short", "", ...bullets(points.filter((text) => text !== ""))];
}
