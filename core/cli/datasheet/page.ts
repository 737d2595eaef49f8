import { correlationSection } from "./correlation-section.ts";
import { costSection } from "./cost-section.ts";
import type { Datasheet } from "./datasheet.ts";
import { gainSection } from "./gain-section.ts";
import { limitsSection } from "./limits-section.ts";
import { code, escaped, paragraphs } from "./markdown.ts";
import { methodSection } from "./method-section.ts";
import { noiseSection } from "./noise-section.ts";
import { gapSentences, originSection } from "./origin-section.ts";
import { recipeSection } from "./recipe-section.ts";
import { spreadSection } from "./spread-section.ts";
import { summarySection } from "./summary-section.ts";

/** How a page names what it was made from, as words of a command. */
export interface PageSources {
  readonly folder: string;
  readonly reference: string | null;
  readonly results: string | null;
}

/** The command that makes the page. */
function commandOf({ folder, reference, results }: PageSources): string {
  return [
    `nas-harness table datasheet ${folder}`,
    ...(reference === null ? [] : [`--reference ${reference}`]),
    ...(results === null ? [] : [`--results ${results}`]),
  ].join(" ");
}

/** The datasheet as Markdown (GitHub's tables). The same datasheet gives the same bytes. */
export function renderDatasheet(datasheet: Datasheet, sources: PageSources): string {
  const { values, origin, recipes, noise } = datasheet;
  const gaps = gapSentences(origin);
  const lines = [
    `# Datasheet: ${escaped(origin.title)}`,
    "",
    `Made by nas-harness ${origin.harness} with the command below. Don't edit this page, make it again: the same table, reference and results give the same page.`,
    "",
    "```",
    commandOf(sources),
    "```",
    "",
    ...paragraphs(
      gaps.length === 0 ? "" : `**This table is incomplete.** ${gaps.join(" ")}`,
      `Table ${code(origin.id)} ${origin.version}. Accuracies are in percent of the images, differences in percentage points. A *class* is an isomorphism class of cells, not a class of images, unless it says so.`,
    ),
    ...summarySection(datasheet),
    ...originSection(datasheet, sources.folder),
    ...recipeSection(values, recipes),
    ...costSection(values, recipes),
    ...spreadSection(datasheet.spread),
    ...noiseSection(values, noise),
    ...correlationSection(values, datasheet.correlations, datasheet.reference),
    ...gainSection(values, datasheet.gain),
    ...methodSection(datasheet.methods),
    ...limitsSection(values, recipes, noise),
  ];
  return `${lines.join("\n").trimEnd()}\n`;
}
