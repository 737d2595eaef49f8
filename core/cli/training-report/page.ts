import { code, escaped, paragraphs } from "../datasheet/markdown.ts";
import { limitsSection } from "./limits-section.ts";
import { answersSection, controllerSection, dartsSection } from "./method-sections.ts";
import { normalisationSection } from "./normalisation-section.ts";
import { operationsSection } from "./operations-section.ts";
import { overviewSection } from "./overview-section.ts";
import { publishedSection } from "./published-section.ts";
import type { TrainingReport } from "./report.ts";
import { summarySection } from "./summary-section.ts";
import { tabularSection } from "./tabular-section.ts";

/** The report as Markdown (GitHub's tables). The same report gives the same bytes. @param command what makes the page */
export function renderTrainingReport(report: TrainingReport, command: string): string {
  const { protocol, table, harness } = report;
  const lines = [
    `# Weight-sharing methods under ${code(protocol.id)}`,
    "",
    `Made by nas-harness ${escaped(harness)} with the command below. Don't edit this page, make it again: the same table, results and log give the same page.`,
    "",
    "```",
    command,
    "```",
    "",
    ...paragraphs(
      `Protocol ${code(protocol.id)} ${protocol.version}; table ${code(table.id)} ${table.version} (content hash ${code(table.searchContentHash)}). Accuracies are in percent of the images, differences in percentage points. In tables of cells an edge goes "from node to node", and operations are none (${code("none")}), skip (${code("skip_connect")}), 1x1 and 3x3 (${code("nor_conv_1x1")}, ${code("nor_conv_3x3")}) and pool (${code("avg_pool_3x3")}).`,
    ),
    ...summarySection(report),
    ...overviewSection(report),
    ...publishedSection(report),
    ...tabularSection(report),
    ...answersSection(report, { id: "rsps", title: "RSPS" }),
    ...dartsSection(report),
    ...answersSection(report, { id: "gdas", title: "GDAS" }),
    ...answersSection(report, { id: "setn", title: "SETN" }),
    ...controllerSection(report, { id: "enas", title: "ENAS" }),
    ...normalisationSection(report),
    ...operationsSection(report),
    ...limitsSection(report),
  ];
  return `${lines.join("\n").trimEnd()}\n`;
}
