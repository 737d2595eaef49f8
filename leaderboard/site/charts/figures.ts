import { columnTitle as costTitle } from "../../../core/costs/cost-column.ts";
import { type CostTable, costAt } from "../../../core/costs/cost-table.ts";
import { networkSizes } from "../../../core/training/network-sizes.ts";
import type { ReportColumn } from "../../../schemas/generated/protocol.ts";
import type { Html } from "../../generator/html.ts";
import { anchorOf } from "../../generator/sections.ts";
import type { SiteBenchmark, SiteTable } from "../site-model.ts";
import type { TableFacts } from "../table-facts.ts";
import { anyTimeChart } from "./any-time-chart.ts";
import { type ChartMethod, chartMethods } from "./chart-methods.ts";
import { correlationChart } from "./correlation-chart.ts";
import { differenceDiagram } from "./difference-diagram.ts";
import { distributionChart } from "./distribution-chart.ts";
import { landscapeChart, landscapePairs } from "./landscape-chart.ts";
import { overlapChart } from "./overlap-chart.ts";
import { type CostAxis, paretoChart, paretoPoints } from "./pareto-chart.ts";

/** A chart with its name and what stands below it. */
export interface Figure {
  /** Fit for a file name and an anchor; no two of a benchmark or of a table have the same. */
  readonly name: string;
  readonly caption: string;
  readonly chart: Html;
}

/** A table with what charts need of it. */
export interface ChartTable {
  readonly table: SiteTable;
  readonly facts: TableFacts;
  /** Cost tables that are at hand; they are of NAS-Bench-201's networks. */
  readonly costs: readonly CostTable[];
}

const MILLION = 1_000_000;
const THOUSAND = 1000;

interface NamedCost {
  readonly name: string;
  readonly axis: CostAxis;
  readonly costOf: (architecture: number) => number | null;
}

/** Parameters of the network on a dataset; null where it is not known how the table's networks were made. */
function parametersOn(dataset: string, { table }: ChartTable): NamedCost | null {
  const sizesOf = networkSizes(table);
  const at = sizesOf(0).findIndex((size) => size.dataset === dataset || size.dataset.startsWith(`${dataset} `));
  const isLarge = (sizesOf(0)[at]?.parameters ?? 0) > 50 * THOUSAND;
  const [unit, units] = isLarge ? [MILLION, "millions"] : [THOUSAND, "thousands"];
  if (at < 0) return null;
  return {
    name: "parameters",
    axis: { title: "parameters", unit: units },
    costOf: (architecture) => (sizesOf(architecture)[at]?.parameters ?? Number.NaN) / unit,
  };
}

/** The first latency of each cost table that is of this dataset's network or of all. */
function latenciesOn(dataset: string, { table, costs }: ChartTable): NamedCost[] {
  if (table.card.training !== undefined) return [];
  return costs.flatMap(({ card, values }) => {
    const at = card.columns.findIndex(
      (column) => column.quantity === "latency" && (column.dataset === undefined || column.dataset === dataset),
    );
    const [column, ofColumn] = [card.columns[at], values[at]];
    if (column === undefined || ofColumn === undefined) return [];
    return {
      name: anchorOf([card.id, column.name]),
      axis: { title: `${costTitle(column)} of ${card.id}`, unit: column.unit },
      costOf: (architecture: number) => costAt(ofColumn, architecture),
    };
  });
}

function paretoFigures(column: ReportColumn, methods: readonly ChartMethod[], from: ChartTable): Figure[] {
  const { facts } = from;
  const known = facts.columns.find(
    ({ dataset, recipe, split, epoch }) =>
      dataset === column.dataset && recipe === column.recipe && split === column.split && epoch === column.epoch,
  );
  return [...[parametersOn(column.dataset, from) ?? []].flat(), ...latenciesOn(column.dataset, from)].map(
    ({ name, axis, costOf }) => {
      const architectures = facts.architectures.flatMap((architecture, at) => {
        const [cost, accuracy] = [costOf(architecture), known?.values[at] ?? Number.NaN];
        return cost === null || Number.isNaN(accuracy) ? [] : [{ cost, accuracy }];
      });
      return {
        name: anchorOf(["pareto", name, column.column]),
        caption: `Mean ${column.column} of each method's final architectures against their mean ${axis.title}. Ringed: no other method is better in both.`,
        chart: paretoChart({
          column: column.column,
          axis,
          points: paretoPoints(methods, column.column, costOf),
          architectures,
        }),
      };
    },
  );
}

/** The any-time curves of methods in a column. */
export function anyTimeFigure(methods: readonly ChartMethod[], column: string, scale: "log" | "linear"): Figure {
  return {
    name: anchorOf(["any-time", scale, column]),
    caption: `Any-time performance on ${column}: median regret of the incumbent over runs, with the middle half of the runs, by simulated time (${scale} scale).`,
    chart: anyTimeChart(methods, column, scale),
  };
}

/** The final results of methods in a column. @param optimum the table's best value in percent; null where it is not known */
export function distributionFigure(methods: readonly ChartMethod[], column: string, optimum: number | null): Figure {
  return {
    name: anchorOf(["distribution", column]),
    caption: `Final ${column} of all finished runs: box from the quarter to three quarters with the median; single ticks for methods with few runs.`,
    chart: distributionChart(methods, column, optimum),
  };
}

function columnFigures(
  column: ReportColumn,
  benchmark: SiteBenchmark,
  methods: readonly ChartMethod[],
  from: ChartTable | null,
): Figure[] {
  const name = column.column;
  const distinction = benchmark.distinctions.find((one) => one.column === name);
  const optimum = benchmark.optima[name]?.value ?? null;
  const times = (["log", "linear"] as const).map((scale) => anyTimeFigure(methods, name, scale));
  return [
    ...(distinction === undefined
      ? []
      : [
          {
            name: anchorOf(["differences", name]),
            caption: `Critical-difference diagram of ${name}: a bar joins methods that the runs do not tell apart (Mann-Whitney, Holm's adjustment, level 0.05).`,
            chart: differenceDiagram(distinction, methods),
          },
        ]),
    ...times,
    distributionFigure(methods, name, optimum),
    ...(from === null ? [] : paretoFigures(column, methods, from)),
  ];
}

/**
 * All figures of a benchmark: those of its test columns, then which answers methods share.
 * @param from its table; null where it is not at hand
 */
export function benchmarkFigures(benchmark: SiteBenchmark, from: ChartTable | null): Figure[] {
  const methods = chartMethods(benchmark);
  const tests = benchmark.report.filter(({ split }) => split === "test");
  return [
    ...tests.flatMap((column) => columnFigures(column, benchmark, methods, from)),
    {
      name: "overlap",
      caption: "Share of final architectures that each two methods have in common.",
      chart: overlapChart(methods),
    },
  ];
}

/** All figures of a table: a landscape for each dataset, and how rankings correlate. */
export function tableFigures(facts: TableFacts): Figure[] {
  const landscapes = landscapePairs(facts).map((pair) => ({
    name: anchorOf(["landscape", pair.up.dataset]),
    caption: `Every architecture on ${pair.up.dataset}: validation accuracy of recipe ${pair.across.recipe}, which searches see, against test accuracy of recipe ${pair.up.recipe}.`,
    chart: landscapeChart(facts, pair),
  }));
  const correlation = {
    name: "correlation",
    caption: "How well rankings of all architectures agree: Kendall's tau-b of each two columns.",
    chart: correlationChart(facts),
  };
  return [...landscapes, correlation];
}
