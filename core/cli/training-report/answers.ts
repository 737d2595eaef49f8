import { choicesOf } from "../../space/codec.ts";
import { EDGES } from "../../space/operations.ts";
import { counted, fixed, percentage, table } from "../datasheet/markdown.ts";
import { agreementOf, EQUAL_EDGES_BY_CHANCE } from "./operation-shares.ts";
import { type TrainedMethod, valuesOf } from "./trained-runs.ts";
import { normalisationName } from "./weight-sharing-methods.ts";

/** Operations as they stand in narrow columns, in the order of the space. */
export const SHORT_NAMES = ["none", "skip", "1x1", "3x3", "pool"] as const;

/** How far the runs of a variant agree, as a sentence. */
export function agreementSentence(method: TrainedMethod): string {
  const { runs, cells, classes, equalEdges } = agreementOf(valuesOf(method, "answer"));
  if (equalEdges === null) return `With ${normalisationName(method)} there is one run.`;
  const distinct =
    cells === 1
      ? `all ${fixed(runs, 0)} runs answer with the same cell`
      : cells === runs
        ? `no two of ${fixed(runs, 0)} runs answer with the same cell`
        : `${fixed(runs, 0)} runs answer with ${counted(cells, "different cell")}`;
  const isomorphic =
    classes < cells
      ? ` (${classes === 1 ? "the cells are of one isomorphism class" : `the cells are of ${fixed(classes, 0)} isomorphism classes`})`
      : "";
  return `With ${normalisationName(method)} ${distinct}${isomorphic}; two of them agree on ${fixed(equalEdges, 1)} of ${fixed(EDGES.length, 0)} edges on average (two random cells: ${fixed(EQUAL_EDGES_BY_CHANCE, 1)}).`;
}

/** The answers of variants, run by run: the operation on each edge and where the cell stands. */
export function answersTable(methods: readonly TrainedMethod[]): string[] {
  const edges = EDGES.map(({ from, to }) => `${from} to ${to}`);
  const rows = methods.flatMap((method) =>
    method.runs.map(({ runIndex, answer, test, beaten }) => [
      method.title,
      normalisationName(method),
      ...choicesOf(answer).map((choice) => SHORT_NAMES[choice] as string),
      fixed(runIndex, 0),
      String(answer),
      fixed(test),
      percentage(beaten),
    ]),
  );
  return table(
    ["method", "batch normalisation", ...edges, "run", "cell", "test", "cells beaten"],
    rows,
    2 + edges.length,
  );
}
