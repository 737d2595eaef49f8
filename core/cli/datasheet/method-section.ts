import { code, counted, escaped, fixed, listed, paragraphs, table } from "./markdown.ts";
import type { MethodComparison, MethodFigures, MethodPair, MethodRuns } from "./method-figures.ts";

/** Level at which a difference counts as more than chance. */
const LEVEL = 0.05;
const SMALLEST_SHOWN = 0.0001;
/** Probabilities of superiority from which an effect is called small, medium and large (Vargha and Delaney, 2000). */
const EFFECTS = [
  { from: 0.71, name: "large" },
  { from: 0.64, name: "medium" },
  { from: 0.56, name: "small" },
] as const;

const pText = (p: number) => (p < SMALLEST_SHOWN ? `< ${SMALLEST_SHOWN}` : fixed(p, 4));

function effectName(superiority: number): string {
  const distance = Math.max(superiority, 1 - superiority);
  return EFFECTS.find(({ from }) => distance >= from)?.name ?? "negligible";
}

function runText({ runs, failed }: MethodRuns): string {
  return failed === 0 ? fixed(runs, 0) : `${fixed(runs, 0)} (${fixed(failed, 0)} failed)`;
}

/** Whether evolution can be told from chance, in words. */
function evolutionText({ measure, methods, pairs }: MethodComparison): string {
  const pair = pairs.find(({ first, second }) => [first, second].sort().join() === "rea,rs");
  if (pair === undefined) return "REA and RS are not both among these results.";
  const name = (id: string) => (id === "rea" ? "REA" : "RS");
  const means = [pair.first, pair.second].map((id) => {
    const own = methods.find(({ method }) => method === id) as MethodRuns;
    return `${fixed(own.mean)} over ${counted(own.runs, "run")} of ${name(id)}`;
  });
  // By ranks, as the test is: a higher mean may come from a few runs.
  const [higher, lower] = pair.superiority >= 0.5 ? [pair.first, pair.second] : [pair.second, pair.first];
  const basis = measure.kind === "reward" ? "by the best reward that a run saw" : "by the accuracy of their answers";
  const verdict =
    pair.p < LEVEL
      ? `**Taken alone, REA and RS can be told apart ${basis}, at the 5 % level**`
      : `**REA and RS can't be told apart ${basis}, at the 5 % level**`;
  return `${verdict} (two-sided p ${pText(pair.p)}; means ${listed(means)}). A random run of ${name(higher)} ends above one of ${name(lower)} with probability ${fixed(Math.max(pair.superiority, 1 - pair.superiority), 3)}, a ${effectName(pair.superiority)} effect.`;
}

function strengthText({ pairs, methods }: MethodComparison): string {
  if (pairs.length === 0) return "";
  const apart = pairs.filter(({ adjusted }) => adjusted < LEVEL);
  const large = apart.filter(({ superiority }) => effectName(superiority) === "large").length;
  const verdict =
    apart.length === pairs.length
      ? "the benchmark separates all of them"
      : apart.length === 0
        ? "it separates none of them"
        : `the other ${fixed(pairs.length - apart.length, 0)} it does not separate with this number of runs`;
  const [best, worst] = [methods[0] as MethodRuns, methods.at(-1) as MethodRuns];
  return `Of ${counted(pairs.length, "pair")} of methods ${fixed(apart.length, 0)} can be told apart at a joint level of 5 % (Holm), ${fixed(large, 0)} with a large effect; ${verdict}. From the best to the worst method it is ${fixed(best.mean - worst.mean)} points.`;
}

function pairRow({ first, second, difference, superiority, u, p, adjusted }: MethodPair): string[] {
  return [
    code(first),
    code(second),
    fixed(difference),
    fixed(superiority, 3),
    effectName(superiority),
    fixed(u, 1),
    pText(p),
    pText(adjusted),
  ];
}

function comparisonLines(comparison: MethodComparison): string[] {
  const { protocol, search, measure, methods, pairs } = comparison;
  const measured = measure.kind === "reward" ? "best reward" : `column ${code(measure.column)}`;
  const heading = `### Protocol ${code(protocol.id)} ${protocol.version}, search ${code(search)}, ${measured}`;
  const method = (own: MethodRuns) => [
    code(own.method),
    `${escaped(own.title)} ${escaped(own.version)}`,
    runText(own),
    fixed(own.mean),
    fixed(own.deviation),
  ];
  return [
    heading,
    "",
    ...paragraphs(evolutionText(comparison), strengthText(comparison)),
    ...table(["method", "", "runs", "mean", "sd"], methods.map(method), 2),
    ...(pairs.length === 0
      ? []
      : table(
          ["method", "other", "difference of means", "superiority", "effect", "U", "p", "p (Holm)"],
          pairs.map(pairRow),
          2,
        )),
  ];
}

/** What is shown: accuracies on test images, or on all if there are none, and rewards. */
function shownComparisons({ comparisons }: MethodFigures): MethodComparison[] {
  const compared = comparisons.filter(({ methods }) => methods.length > 0);
  const isTest = ({ measure }: MethodComparison) => measure.kind === "answer" && measure.split === "test";
  return compared.some(isTest) ? compared.filter((own) => isTest(own) || own.measure.kind === "reward") : compared;
}

/** The section on what methods reach; null: no results were given. */
export function methodSection(figures: MethodFigures | null): string[] {
  const title = "## Whether methods can be told apart";
  if (figures === null) {
    return [
      title,
      "",
      ...paragraphs(
        "No results were given, so this page can't say whether search methods differ on this table. With them: `--results <output folder of run>`.",
      ),
    ];
  }
  return [
    title,
    "",
    ...paragraphs(
      "Methods are compared twice. First by what they are for: a run's figure is the reported accuracy of its answer, over all trial seeds. Then by what they maximise: a run's figure is the best reward that it saw at an epoch at which answers are chosen, on the search's own split and recipe. The second says whether a method searches better than another, the first whether that pays. A method can reach higher rewards without better answers, because a reward is noisy and the best of many is partly luck.",
      `*superiority* is the probability that a random run of the first method ends above one of the second, ties counting a half (small from ${EFFECTS[2].from}, medium from ${EFFECTS[1].from}, large from ${EFFECTS[0].from}: Vargha and Delaney, 2000). *p* is that of the two-sided Mann-Whitney U test (normal approximation, corrected for ties and continuity). With enough runs any difference has a small p, so look at the effect. A difference holds for this table and protocol: the table's values are fixed, and more runs do not make them less noisy.`,
    ),
    ...shownComparisons(figures).flatMap(comparisonLines),
    ...(figures.unfinished.length === 0
      ? []
      : paragraphs(`Left out, because their plan is not complete: ${listed(figures.unfinished.map(code))}.`)),
  ];
}

/** Both measures of the first protocol and search in a sentence each; empty without results. */
export function methodSummary(figures: MethodFigures | null): string[] {
  const shown = figures === null ? [] : shownComparisons(figures);
  const answers = shown.find(({ measure }) => measure.kind === "answer");
  const rewards = shown.find(
    ({ measure, protocol, search }) =>
      measure.kind === "reward" && protocol.id === answers?.protocol.id && search === answers.search,
  );
  return [answers, rewards].flatMap((own) =>
    own === undefined ? [] : [`${evolutionText(own)} (Protocol ${code(own.protocol.id)}.)`],
  );
}
