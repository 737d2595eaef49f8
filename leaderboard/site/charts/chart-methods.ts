import { rowTitle } from "../../generator/figures.ts";
import { isTooShort } from "../../generator/ranking.ts";
import type { MethodResult, SiteBenchmark } from "../site-model.ts";
import { COLOURS, colourAt, GREY } from "./colours.ts";

/** A method as all charts of a benchmark show it. */
export interface ChartMethod {
  /** Id of its result. */
  readonly id: string;
  /** With its variant; two rows of the same title have their versions, too. */
  readonly title: string;
  readonly colour: string;
  readonly result: MethodResult;
}

/** The column that decides which methods come first: what the section is ranked by, else the first. */
const mainColumn = ({ section, report }: SiteBenchmark) => section.rankedBy ?? report[0]?.column ?? "";

const textOrder = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/**
 * The methods of a benchmark with the names and colours that they have in all its charts, best first: by their mean in the
 * column that the benchmark is ranked by, those with enough runs before those with too few. The first six have a colour.
 */
export function chartMethods(benchmark: SiteBenchmark): ChartMethod[] {
  const column = mainColumn(benchmark);
  const meanOf = ({ row }: MethodResult) => row.accuracies[column]?.mean ?? Number.NEGATIVE_INFINITY;
  const late = ({ row }: MethodResult) => (isTooShort(row) ? 1 : 0);
  const ordered = [...benchmark.results].sort(
    (a, b) => late(a) - late(b) || (meanOf(a) === meanOf(b) ? textOrder(a.id, b.id) : meanOf(b) - meanOf(a)),
  );
  const titles = ordered.map(({ row }) => rowTitle(row));
  return ordered.map((result, at) => {
    const title = titles[at] as string;
    const isTaken = titles.filter((other) => other === title).length > 1;
    return {
      id: result.id,
      title: isTaken ? `${title} ${result.row.version ?? result.id}` : title,
      colour: at < COLOURS ? colourAt(at) : GREY,
      result,
    };
  });
}
