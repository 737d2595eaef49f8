import { classMembers, classOf } from "../space/classes.ts";
import { type Architecture, formatArchitecture } from "../space/codec.ts";
import { drawCell } from "../space/drawing.ts";
import { isReachable } from "../space/reachability.ts";
import type { SearchView } from "../tables/search-view.ts";
import { type NetworkSize, networkSizes } from "../training/network-sizes.ts";
import { formatCosts, type HardwareCosts } from "./query-costs.ts";
import { type RecordedMetric, type RecordedRecipe, recordedValues } from "./query-values.ts";
import { columns } from "./terminal.ts";

const SHOWN_TRIALS = 3;
const SHOWN_MEMBERS = 6;
const MILLION = 1_000_000;

/** What is known of one architecture: the document of `query --json`. */
export interface ArchitectureReport {
  readonly architecture: Architecture;
  readonly string: string;
  /** Lowest index of the isomorphism class, and all its members. */
  readonly class: { readonly representative: Architecture; readonly members: readonly Architecture[] };
  /** Whether the input reaches the output. */
  readonly reachable: boolean;
  readonly sizes: readonly NetworkSize[];
  /** The table that `recorded` is from; null: none was found. */
  readonly table: { readonly id: string; readonly version: string; readonly folder: string } | null;
  readonly recorded: readonly RecordedRecipe[];
  /** From every cost table that was found. */
  readonly costs: readonly HardwareCosts[];
}

/** Collects what is known of an architecture. @throws NAS_ARCHITECTURE_INDEX, NAS_TABLE_CORRUPT */
export function architectureReport(
  architecture: Architecture,
  view: SearchView | null,
  costs: readonly HardwareCosts[] = [],
): ArchitectureReport {
  return {
    architecture,
    string: formatArchitecture(architecture),
    class: { representative: classOf(architecture), members: classMembers(architecture) },
    reachable: isReachable(architecture),
    sizes: networkSizes(view)(architecture),
    table: view === null ? null : { id: view.card.id, version: view.card.version, folder: view.folder },
    recorded: view === null ? [] : recordedValues(view, architecture),
    costs,
  };
}

function classLine({ architecture, class: { representative, members } }: ArchitectureReport): string {
  const others = members.filter((member) => member !== architecture);
  if (others.length === 0) return `class   ${representative} (a class of its own)`;
  const shown = others.slice(0, SHOWN_MEMBERS).join(", ");
  const more = others.length > SHOWN_MEMBERS ? `, ${others.length - SHOWN_MEMBERS} more` : "";
  return `class   ${representative} (lowest index of ${members.length} isomorphic cells; the others: ${shown}${more})`;
}

/** One line for datasets on which the network is the same. */
function sizeRows(sizes: readonly NetworkSize[]): string[][] {
  const alike = Map.groupBy(sizes, ({ classes, imageSize }) => `${classes} ${imageSize}`);
  return [...alike.values()].map((group) => {
    const { classes, imageSize, parameters, flops } = group[0] as NetworkSize;
    return [
      group.map(({ dataset }) => dataset).join(", "),
      `${classes}`,
      `${imageSize} x ${imageSize}`,
      `${(parameters / MILLION).toFixed(6)} M`,
      `${(flops / MILLION).toFixed(5)} M`,
    ];
  });
}

function trialsText({ from, trials, aggregatedSeeds, singleTrials }: RecordedMetric): string {
  if (from === null) return "not recorded";
  if (from === "aggregate") return `mean of ${trials}, seeds ${(aggregatedSeeds ?? []).join(", ")}`;
  // One fewer where the rest is only counted, so that the line stays as short.
  const shown = singleTrials.length > SHOWN_TRIALS ? SHOWN_TRIALS - 1 : singleTrials.length;
  const parts = singleTrials.slice(0, shown).map(({ seed, value }) => `${seed ?? "unknown"}: ${value.toFixed(2)}`);
  if (singleTrials.length > shown) parts.push(`${singleTrials.length - shown} more`);
  return `seed ${parts.join(", ")}`;
}

function recordedRows({ dataset, recipe, trainSecondsPerEpoch, metrics }: RecordedRecipe): string[][] {
  return metrics
    .filter(({ metric }) => metric.endsWith("Accuracy"))
    .map((entry, at) => [
      ...(at > 0
        ? ["", "", ""]
        : [dataset, recipe, trainSecondsPerEpoch === null ? "" : trainSecondsPerEpoch.toFixed(2)]),
      entry.metric.slice(0, -"Accuracy".length),
      `${entry.epoch}`,
      entry.mean === null ? "" : entry.mean.toFixed(2),
      trialsText(entry),
    ]);
}

function reachLine(report: ArchitectureReport, drawing: string): string {
  if (!report.reachable) return "reach   no: the output gets no input, so accuracy stays at chance";
  const unused = drawing.includes("(") ? "; operations in parentheses are on no path to the output" : "";
  return `reach   yes${unused}`;
}

/** The report as text: one screen of at most about 40 lines and 100 columns. Losses are in the JSON document only. */
export function formatReport(report: ArchitectureReport): string {
  const drawing = drawCell(report.architecture);
  const lines = [
    `architecture ${report.architecture}`,
    report.string,
    "",
    drawing,
    "",
    classLine(report),
    reachLine(report, drawing),
  ];
  if (report.sizes.length > 0) {
    lines.push("", columns([["network for", "classes", "pixels", "parameters", "FLOPs"], ...sizeRows(report.sizes)]));
  }
  if (report.table !== null) {
    const { id, version, folder } = report.table;
    const header = ["dataset", "recipe", "s/epoch", "split", "epoch", "mean", "trials"];
    lines.push(
      "",
      `accuracy in percent, from table ${id} ${version} (${folder})`,
      columns([header, ...report.recorded.flatMap(recordedRows)]),
    );
  }
  lines.push(...report.costs.flatMap((costs) => ["", formatCosts(costs)]));
  return lines.join("\n");
}
