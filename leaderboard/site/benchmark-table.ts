import { DISTINCTION_LEVEL } from "../../core/statistics/distinction.ts";
import { type Html, html } from "../generator/html.ts";
import type { ExtraColumnHead, Section } from "../generator/leaderboard.ts";
import { isRanked } from "../generator/rank-range.ts";
import { FEWEST_RANKED_RUNS, isTooShort } from "../generator/ranking.ts";
import type { MethodResult, SiteBenchmark } from "./site-model.ts";
import { type TableColumn, tableColumns } from "./table-columns.ts";
import { type TableLine, type TableSource, tableLines } from "./table-lines.ts";

/** A method's entry in a bibliography; null where it has none. */
export type BibliographyEntry = (result: MethodResult) => string | null;

/** Neighbouring columns under a common head. */
function headGroups(columns: readonly TableColumn[]): TableColumn[][] {
  const groups: TableColumn[][] = [];
  for (const column of columns) {
    const last = groups.at(-1);
    if (column.dataset !== null && last?.[0]?.dataset === column.dataset) last.push(column);
    else groups.push([column]);
  }
  return groups;
}

function columnHead(column: TableColumn): Html {
  const { name, title, unit, dataset, first, optimum } = column;
  const small = unit === null ? null : html` <small>${unit}</small>`;
  const rows = dataset === null ? html` rowspan="2"` : null;
  const best = optimum === null ? null : html` data-optimum="${optimum}"`;
  const kind = name === "method" ? html` class="method"` : null;
  return html`<th scope="col"${kind} data-column="${name}" data-first="${first}"${best}${rows}>${title}${small}</th>`;
}

function tableHead(columns: readonly TableColumn[]): Html {
  const groups = headGroups(columns);
  const upper = groups.map((group) => {
    const [column] = group as [TableColumn];
    if (column.dataset === null) return columnHead(column);
    return html`<th scope="colgroup" class="dataset" colspan="${group.length}">${column.dataset} <small>%</small></th>`;
  });
  const lower = columns.filter(({ dataset }) => dataset !== null).map(columnHead);
  return html`<thead>
<tr>${upper}</tr>
<tr>${lower}</tr>
</thead>`;
}

function lineHtml(line: TableLine, columns: readonly TableColumn[], entry: BibliographyEntry): Html {
  const { key, row, result, facets } = line;
  const { kind, source, standing, protocol, bn } = facets;
  const words = html`data-kind="${kind}" data-source="${source}" data-standing="${standing}" data-protocol="${protocol}" data-bn="${bn}"`;
  const bibliography = result === null ? null : entry(result);
  const bibtex = bibliography === null ? null : html` data-bibtex="${bibliography}"`;
  const version = row.version === null ? null : html` data-version="${row.version}"`;
  return html`<tr class="${row.origin}" data-key="${key}" ${words}${version}${bibtex}>${columns.map(({ cell }) => cell(line))}</tr>`;
}

/** How to read ranks, letters and regret, as far as the table has them. */
function captionNotes(source: TableSource): string[] {
  const { section } = source;
  const column = section.columns.find(({ name }) => name === section.rankedBy);
  if (column === undefined) return [];
  const on = `${column.dataset} ${column.split}`.trim();
  const some = (condition: boolean, text: string) => (condition ? [text] : []);
  return [
    `Best ${on} first.`,
    ...some(
      isRanked(section),
      `Rank: the places that the runs leave open; rows with a letter (and bar) in common are not told apart (Mann-Whitney, Holm, p < ${DISTINCTION_LEVEL}).`,
    ),
    ...some(
      section.groups.some(({ row }) => isTooShort(row)),
      `Few runs: under ${FEWEST_RANKED_RUNS}, so no rank.`,
    ),
    ...some(source.optima[column.name] !== undefined, "Regret: the table's best mean minus the row's."),
    ...some(
      section.groups.some(({ published }) => published.length > 0),
      "Published rows are not ranked; Δ: the mean of the row above minus theirs.",
    ),
  ];
}

function table(
  source: TableSource,
  root: "" | "../",
  extraColumns: readonly ExtraColumnHead[],
  entry: BibliographyEntry,
): Html {
  const { id, section } = source;
  const columns = tableColumns(source, root, extraColumns);
  const caption = `${id}-caption`;
  // One body a group: sorting moves a row together with what it is compared with.
  const bodies = tableLines(source).map(
    (lines) => html`<tbody>
${lines.map(
  (line) => html`${lineHtml(line, columns, entry)}
`,
)}</tbody>
`,
  );
  return html`<div class="benchmark" data-benchmark="${id}">
<div class="scroll" role="region" aria-labelledby="${caption}" tabindex="0">
<table class="leaderboard" data-level="${DISTINCTION_LEVEL}" data-ranked-by="${section.rankedBy}" data-title="${section.heading}">
<caption id="${caption}"><span>${[section.caption.replace(/\.?$/, "."), ...captionNotes(source)].map((text) => html`<span>${text}</span> `)}</span></caption>
${tableHead(columns)}
${bodies}</table>
</div>
</div>`;
}

/**
 * A benchmark's table, whole without script. The page's script adds what its data attributes allow: sorting, filters, choice of
 * columns, comparison with one row, copies.
 * @param root way from the page to the folder of index.html
 * @param entry what copies as BibTeX have of a method
 */
export function benchmarkTable(
  benchmark: SiteBenchmark,
  root: "" | "../",
  extraColumns: readonly ExtraColumnHead[],
  entry: BibliographyEntry = () => null,
): Html {
  return table(benchmark, root, extraColumns, entry);
}

/** The table of a section that is no benchmark of the site: a published one, or one of computed rows only. */
export function sectionTable(section: Section, root: "" | "../", extraColumns: readonly ExtraColumnHead[]): Html {
  return table({ id: section.id, section, results: [], optima: {}, distinctions: [] }, root, extraColumns, () => null);
}
