import { HarnessError } from "../../core/errors/harness-error.ts";
import { ARCHITECTURE_COUNT } from "../../core/space/operations.ts";
import type { ReportedValueOf } from "../../core/tables/reported-values.ts";
import type { ReportColumn } from "../../schemas/generated/protocol.ts";
import { OPTIMAL_METHOD } from "../generator/computed-rows.ts";
import type { Section } from "../generator/leaderboard.ts";
import type { Optima } from "./run-facts.ts";

/** The best architectures that a section has computed from its table already; null where it has none. */
export function shownOptima({ groups }: Section): Optima | null {
  const row = groups.find(({ row: { origin, method } }) => origin === "computed" && method === OPTIMAL_METHOD)?.row;
  if (row === undefined) return null;
  const known = Object.entries(row.accuracies).flatMap(([column, accuracy]) =>
    accuracy === null || accuracy.architecture === null
      ? []
      : [[column, { value: accuracy.mean, architecture: accuracy.architecture }] as const],
  );
  return Object.fromEntries(known);
}

/**
 * The best architecture of each column, the lowest index of equals; columns that a table lacks for some architecture have none.
 * @throws NAS_TABLE_CORRUPT
 */
export function optimaOf(report: readonly ReportColumn[], reported: ReportedValueOf): Optima {
  const optima: Record<string, { value: number; architecture: number }> = {};
  for (const column of report) {
    try {
      let best = { value: reported(0, column), architecture: 0 };
      for (let architecture = 1; architecture < ARCHITECTURE_COUNT; architecture++) {
        const value = reported(architecture, column);
        if (value > best.value) best = { value, architecture };
      }
      optima[column.column] = best;
    } catch (error) {
      if (!(error instanceof HarnessError) || error.code !== "NAS_NOT_RECORDED") throw error;
    }
  }
  return optima;
}
