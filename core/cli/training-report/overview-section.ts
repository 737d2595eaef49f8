import { code, counted, fixed, listed, paragraphs, percentage, table } from "../datasheet/markdown.ts";
import { meanOf, plusMinus } from "./phrases.ts";
import type { TrainingReport } from "./report.ts";
import { type TrainedMethod, valuesOf } from "./trained-runs.ts";
import { normalisationName } from "./weight-sharing-methods.ts";

/** Id of random search, the yardstick. */
export const RANDOM_SEARCH = "rs";

const SMALLEST_SECONDS = 0.001;

/** Number of runs, and of failed ones where there are any. */
export function runsText(runs: number, failed: number): string {
  return failed === 0 ? fixed(runs, 0) : `${fixed(runs, 0)} (${fixed(failed, 0)} failed)`;
}

/** CPU seconds; looking values up takes little of one. */
function cpuText(seconds: number | null): string {
  if (seconds !== null && seconds < SMALLEST_SECONDS) return `< ${SMALLEST_SECONDS}`;
  return fixed(seconds, seconds !== null && seconds < 1 ? 3 : 1);
}

function methodRow(method: TrainedMethod): string[] {
  return [
    method.title,
    normalisationName(method),
    listed(valuesOf(method, "answer").map(String)),
    runsText(method.runs.length, method.failed),
    plusMinus(valuesOf(method, "valid")),
    plusMinus(valuesOf(method, "test")),
    percentage(meanOf(valuesOf(method, "beaten"))),
    fixed(meanOf(valuesOf(method, "seconds")), 1),
    cpuText(method.cpuSeconds),
  ];
}

function yardstickRows({ others, standing }: TrainingReport): string[][] {
  const rs = others.find(({ method }) => method === RANDOM_SEARCH);
  const random = [
    "a random cell",
    "",
    "",
    "",
    "",
    `${fixed(standing.mean)} ± ${fixed(standing.deviation)}`,
    "",
    "",
    "",
  ];
  if (rs === undefined) return [random];
  return [
    [
      `${rs.title} (random search)`,
      "",
      "",
      runsText(rs.test.length, rs.failed),
      plusMinus(rs.valid),
      plusMinus(rs.test),
      percentage(rs.beaten),
      fixed(rs.seconds, 1),
      cpuText(rs.cpuSeconds),
    ],
    random,
  ];
}

const SETTINGS = ["channels", "cellsPerStage", "epochs", "imagesPerEpoch", "batchSize"] as const;

function settingsRow({ options, title, version }: TrainedMethod): string[] {
  const shown = (name: string) => {
    const value = options[name];
    if (typeof value === "number") return fixed(value, 0);
    return value === null ? "all" : fixed(null);
  };
  return [title, version, ...SETTINGS.map(shown)];
}

/** A row for each variant; one for both where they are the same. */
function settingsRows(trained: readonly TrainedMethod[]): string[][] {
  return [...new Map(trained.map(settingsRow).map((row) => [JSON.stringify(row), row])).values()];
}

/** The section with a row for each variant, and what the columns mean. */
export function overviewSection(report: TrainingReport): string[] {
  const { trained, leftOut, others, protocol } = report;
  const rs = others.some(({ method }) => method === RANDOM_SEARCH);
  return [
    "## Overview",
    "",
    ...paragraphs(
      leftOut.length === 0
        ? ""
        : `**Left out of this page**, because they have no finished results here: ${listed(leftOut)}.`,
    ),
    ...table(
      [
        "method",
        "batch normalisation",
        "answers",
        "runs",
        "validation",
        "test",
        "cells beaten",
        "simulated s",
        "CPU s",
      ],
      [...trained.map(methodRow), ...yardstickRows(report)],
      3,
    ),
    ...paragraphs(
      `"Answers" are the indices of the cells that the runs chose. Accuracies are those that the table holds of the answers, as protocol ${code(protocol.id)} reports them: means over the recorded trainings of a cell, none of the supernet. ± is the standard deviation over runs (ddof 0), of a random cell that over the 15,625 cells. "Cells beaten" is the share of the 15,625 cells that have a lower mean test accuracy than the answer, mean over the runs; a uniformly random cell beats about half.`,
      `"Simulated s" is what a search costs by the table's formula in multiply-accumulates, the same on every machine; "CPU s" was measured and differs between machines. ${rs ? "RS is charged with the trainings that it looked up, and its CPU seconds are those of looking up; a weight-sharing method is charged with what it trained itself. The budgets are not made equal." : "There are no results of random search (RS) here to compare with."}`,
    ),
    "### Settings",
    "",
    ...table(
      ["method", "version", "channels", "cells a stage", "epochs", "images an epoch", "batch"],
      settingsRows(trained),
      2,
    ),
    ...paragraphs(
      `${counted(trained.length, "variant")} of ${counted(new Set(trained.map(({ id }) => id)).size, "method")}; "channels" are those of the supernet's first stage, and variants of a method with the same settings share a row. Supernets of NAS-Bench-201 have 16 channels and 5 cells a stage. A method's README says what else its settings for this protocol change.`,
    ),
  ];
}
