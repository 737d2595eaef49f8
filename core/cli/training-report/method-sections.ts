import { counted, fixed, listed, paragraphs, percentage, table } from "../datasheet/markdown.ts";
import { agreementSentence, answersTable } from "./answers.ts";
import { allSkipSentence, collapseSentence, skipShareAt, trajectoryLines } from "./collapse.ts";
import { type ControllerEntropy, UNIFORM_ENTROPY } from "./controller-entropy.ts";
import { shownEpochs } from "./operation-shares.ts";
import { meanOf, plusMinus, signed, testSentence } from "./phrases.ts";
import { publishedSentences } from "./published-section.ts";
import type { TrainingReport } from "./report.ts";
import { commonEpochs, type TrainedMethod, valuesOf } from "./trained-runs.ts";
import { normalisationName, type WeightSharingMethod } from "./weight-sharing-methods.ts";

const DARTS = [
  { id: "darts-v1", title: "DARTS-V1" },
  { id: "darts-v2", title: "DARTS-V2" },
] as const;

function variantsOf({ trained }: TrainingReport, { id }: WeightSharingMethod): TrainedMethod[] {
  return trained.filter((own) => own.id === id);
}

function standingSentence(methods: readonly TrainedMethod[]): string {
  const parts = methods.map(
    (own) =>
      `${percentage(meanOf(valuesOf(own, "beaten")))} (${normalisationName(own)}, test accuracy ${plusMinus(valuesOf(own, "test"))})`,
  );
  return `On average its answers beat ${listed(parts)} of the cells.`;
}

/** The section of a method of which only the answers are looked at. */
export function answersSection(report: TrainingReport, method: WeightSharingMethod): string[] {
  const own = variantsOf(report, method);
  return [
    `## ${method.title}`,
    "",
    ...(own.length === 0
      ? paragraphs("**Found here.** Nothing yet: no variant has finished.")
      : [
          ...paragraphs(`**Found here.** ${[standingSentence(own), ...own.map(agreementSentence)].join(" ")}`),
          ...answersTable(own),
        ]),
    ...paragraphs(`**Published.** ${publishedSentences(report, [method])}`),
  ];
}

function orderLines(report: TrainingReport): string[] {
  const [first, second] = DARTS.map((method) => variantsOf(report, method));
  const pairs = (first ?? []).flatMap((one) => {
    const other = second?.find(({ usesBatchStatistics }) => usesBatchStatistics === one.usesBatchStatistics);
    return other === undefined ? [] : [[one, other] as const];
  });
  if (pairs.length === 0) {
    return paragraphs("**Second order against first.** Not to be said: no variant of both has finished.");
  }
  const differences = pairs.map(([one, other]) => meanOf(valuesOf(other, "test")) - meanOf(valuesOf(one, "test")));
  const shared = pairs.map(([one, other]) => {
    const answers = new Set(valuesOf(one, "answer"));
    return valuesOf(other, "answer").filter((answer) => answers.has(answer)).length;
  });
  const texts = pairs.map(([one], at) => `${signed(differences[at] as number)} points with ${normalisationName(one)}`);
  const common = shared.reduce((sum, count) => sum + count, 0);
  const answers = pairs.reduce((sum, [, other]) => sum + other.runs.length, 0);
  const cost = pairs.map(([one, other]) => meanOf(valuesOf(other, "seconds")) / meanOf(valuesOf(one, "seconds")));
  const last = (own: TrainedMethod) => percentage(skipShareAt(own, commonEpochs(own)), 0);
  return [
    ...paragraphs(
      `**Second order against first.** DARTS-V2's mean test accuracy less that of DARTS-V1 is ${listed(texts)}. ${testSentence(pairs.map(([one, other]) => [one.runs.length, other.runs.length]))} ${common === 0 ? "None" : fixed(common, 0)} of ${counted(answers, "answer")} of DARTS-V2 ${common > 1 ? "are" : "is"} also an answer of DARTS-V1 with the same batch normalisation. A search of second order costs ${fixed(meanOf(cost), 1)} times as much.`,
    ),
    ...table(
      [
        "batch normalisation",
        "test, V1",
        "test, V2",
        "difference",
        "skip at the end, V1",
        "V2",
        "simulated s, V1",
        "V2",
      ],
      pairs.map(([one, other], at) => [
        normalisationName(one),
        plusMinus(valuesOf(one, "test")),
        plusMinus(valuesOf(other, "test")),
        signed(differences[at] as number),
        last(one),
        last(other),
        fixed(meanOf(valuesOf(one, "seconds")), 1),
        fixed(meanOf(valuesOf(other, "seconds")), 1),
      ]),
    ),
  ];
}

/** The section on DARTS of both orders. */
export function dartsSection(report: TrainingReport): string[] {
  const own = DARTS.map((method) => ({ method, variants: variantsOf(report, method) }));
  const found = own.flatMap(({ variants }) => variants);
  const collapse = own.map(({ method, variants }) =>
    variants.length === 0 ? `${method.title} has not finished.` : collapseSentence(method.title, variants),
  );
  return [
    "## DARTS-V1 and DARTS-V2",
    "",
    ...paragraphs(
      `**Found here.** ${[...collapse, allSkipSentence(report.standing)].join(" ")}`,
      `**Published.** ${publishedSentences(report, DARTS)}`,
    ),
    ...(found.length === 0 ? [] : [...trajectoryLines(found), ...answersTable(found), ...orderLines(report)]),
  ];
}

function entropyTable(method: TrainedMethod, { means, runs }: ControllerEntropy): string[] {
  const shown = shownEpochs(means.length);
  const [first, last] = [means[0] as number, means.at(-1) as number];
  return [
    `Entropy of the controller with ${normalisationName(method)}, mean over ${counted(runs, "run")}, in nats of a cell: ${fixed(first)} in the first epoch, ${fixed(last)} in the last (six independent uniform choices have ${fixed(UNIFORM_ENTROPY)}, a controller that always draws the same cell 0).`,
    "",
    ...table(["epoch", ...shown.map(String)], [["nats", ...shown.map((epoch) => fixed(means[epoch - 1] as number))]]),
  ];
}

/** The section on ENAS and its controller. */
export function controllerSection(report: TrainingReport, method: WeightSharingMethod): string[] {
  const own = variantsOf(report, method);
  const published = paragraphs(`**Published.** ${publishedSentences(report, [method])}`);
  if (own.length === 0) {
    return [
      `## ${method.title}`,
      "",
      ...paragraphs("**Found here.** Nothing yet: no variant has finished."),
      ...published,
    ];
  }
  const without = report.hasLog
    ? "the log has not every epoch of its runs"
    : "no epoch log was given (`--log`), and records do not hold the entropy";
  return [
    `## ${method.title}`,
    "",
    ...paragraphs(
      `**Found here.** ${[collapseSentence(method.title, own), allSkipSentence(report.standing), standingSentence(own), ...own.map(agreementSentence)].join(" ")}`,
    ),
    ...published,
    ...own.flatMap((variant) => {
      const entropy = report.entropies.get(variant.variant);
      return entropy === undefined
        ? paragraphs(`How the controller's entropy with ${normalisationName(variant)} goes can't be said: ${without}.`)
        : entropyTable(variant, entropy);
    }),
    ...trajectoryLines(own),
    ...answersTable(own),
  ];
}
