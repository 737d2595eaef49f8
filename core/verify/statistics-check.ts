import type { RunSummary } from "../../schemas/generated/run-summary.ts";
import { canonicalJson } from "../records/canonical-json.ts";
import type { SubmittedMethod } from "./submitted-method.ts";
import { summarizeSubmitted } from "./submitted-statistics.ts";

/** What of a summary can be computed again: measured seconds differ from machine to machine. */
function comparable({ rows, ...head }: RunSummary): Record<string, unknown> {
  // One after another: of two rows for one search the first would be passed over below.
  const fields: Record<string, unknown> = { ...head, "searches of the rows": rows.map(({ search }) => search) };
  for (const { measuredCpuSeconds: _, search, ...row } of rows) {
    for (const [name, value] of Object.entries(row)) fields[`search ${search}, ${name}`] = value;
  }
  return fields;
}

function shown(value: unknown): string {
  const text = value === undefined ? "nothing" : canonicalJson(value);
  return text.length > 160 ? `${text.slice(0, 157)}...`.toWellFormed() : text;
}

/** Faults of a submitted summary against the one that the runs give. */
export function statisticsFaults(submitted: RunSummary, computed: RunSummary): string[] {
  const [said, made] = [comparable(submitted), comparable(computed)];
  return [...new Set([...Object.keys(said), ...Object.keys(made)])]
    .filter(
      (name) =>
        said[name] === undefined || made[name] === undefined || canonicalJson(said[name]) !== canonicalJson(made[name]),
    )
    .map((name) => `${name}: submitted ${shown(said[name])}, computed ${shown(made[name])}`);
}

/** Checks the summary against the repeated runs, or the submitted ones of a method that trains. @returns the computed one; null if it did not come to that */
export async function checkStatistics(method: SubmittedMethod): Promise<RunSummary | null> {
  let computed: RunSummary | null = null;
  await method.checks.make({
    name: "statistics",
    title: "the summary is what the runs give",
    needs: ["reruns"],
    find: async () => {
      computed = method.trains ? await summarizeSubmitted(method) : await method.again.summarize();
      return { faults: statisticsFaults(method.read.summary, computed) };
    },
  });
  return computed;
}
