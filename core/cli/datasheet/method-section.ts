import { code, counted, escaped, fixed, listed, paragraphs, table } from "./markdown.ts";
import type { ColumnComparison, MethodFigures, MethodPair, MethodRuns } from "./method-figures.ts";

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
function evolutionText({ methods, pairs }: ColumnComparison): string {
  const pair = pairs.find(({ first, second }) => [first, second].sort().join() === "rea,rs");
  if (pair === undefined) return "REA and RS are not both among these results.";
  const name = (id: string) => (id === "rea" ? "REA" : "RS");
  const means = [pair.first, pair.second].map((id) => {
    const own = methods.find(({ method }) => method === id) as MethodRuns;
    return `${fixed(own.mean)} over ${counted(own.runs, "run")} of ${name(id)}`;
  });
  // By ranks, as the test is: a higher mean may come from a few runs.
  const [higher, lower] = pair.superiority >= 0.5 ? [pair.first, pair.second] : [pair.second, pair.first];
  const verdict =
    pair.p < LEVEL
      ? "**Taken alone, REA and RS can be told apart at the 5 % level**"
      : "**REA and RS can't be told apart at the 5 % level**";
  return `${verdict} (two-sided p ${pText(pair.p)}; means ${listed(means)}). A random run of ${name(higher)} ends above one of ${name(lower)} with probability ${fixed(Math.max(pair.superiority, 1 - pair.superiority), 3)}, a ${effectName(pair.superiority)} effect.`;
}

function strengthText({ pairs, methods }: ColumnComparison): string {
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

function columnLines(comparison: ColumnComparison): string[] {
  const { protocol, search, column, methods, pairs } = comparison;
  const heading = `### Protocol ${code(protocol.id)} ${protocol.version}, search ${code(search)}, column ${code(column)}`;
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

/** The columns that are shown: those of test images, or all if there are none. */
function shownColumns({ columns }: MethodFigures): ColumnComparison[] {
  const compared = columns.filter(({ methods }) => methods.length > 0);
  const tests = compared.filter(({ split }) => split === "test");
  return tests.length > 0 ? tests : compared;
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
      `Each method's runs give one figure each, the reported accuracy of the run's answer. *superiority* is the probability that a random run of the first method ends above one of the second, ties counting a half (small from ${EFFECTS[2].from}, medium from ${EFFECTS[1].from}, large from ${EFFECTS[0].from}: Vargha and Delaney, 2000). *p* is that of the two-sided Mann-Whitney U test (normal approximation, corrected for ties and continuity). With enough runs any difference has a small p, so look at the effect. A difference holds for this table and protocol: the table's values are fixed, and more runs do not make them less noisy.`,
    ),
    ...shownColumns(figures).flatMap(columnLines),
    ...(figures.unfinished.length === 0
      ? []
      : paragraphs(`Left out, because their plan is not complete: ${listed(figures.unfinished.map(code))}.`)),
  ];
}

/** One sentence for the summary; empty without results. */
export function methodSummary(figures: MethodFigures | null): string {
  const [first] = figures === null ? [] : shownColumns(figures);
  if (first === undefined) return "";
  return `${evolutionText(first)} (${code(first.protocol.id)}, ${code(first.column)}.)`;
}
