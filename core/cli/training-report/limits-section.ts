import { bullets, code, fixed, listed } from "../datasheet/markdown.ts";
import type { TrainingReport } from "./report.ts";

function rangeText(values: readonly number[], noun: string): string {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  if (low !== high) return `${fixed(low, 0)} to ${fixed(high, 0)} ${noun}s`;
  return `${fixed(low, 0)} ${noun}${low === 1 ? "" : "s"}`;
}

/** The section on what the page can't say. */
export function limitsSection({ trained, table, protocol }: TrainingReport): string[] {
  const runs = rangeText(
    trained.map((method) => method.runs.length),
    "run",
  );
  const channels = [
    ...new Set(trained.flatMap(({ options }) => (typeof options.channels === "number" ? [options.channels] : []))),
  ];
  const size =
    channels.length === 0 ? "" : ` Its supernets have ${listed(channels.sort((a, b) => a - b).map(String))} channels.`;
  return [
    "## What this page can't say",
    "",
    ...bullets([
      `**Which weight-sharing method is better.** A variant has ${runs}; standard deviations over so few are themselves uncertain, and the order of means may change with other seeds.`,
      `**How the methods do at the authors' scale.** There is one setting, protocol ${code(protocol.id)} on table ${code(table.id)}.${size} A method that does or does not fall to skip connections here may do otherwise with larger networks, other images or more epochs.`,
      "**How good the methods can be.** Settings are the authors', scaled to this protocol; none was tuned. Tuned methods may rank otherwise.",
      "**That the published rows are right or wrong.** Accuracies, seconds and places here are of other images and other networks.",
      "**What is fair at equal cost.** A search by weight sharing and one that looks trainings up are charged by the same formula, but were not given the same budget.",
    ]),
  ];
}
