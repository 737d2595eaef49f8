import { detailColumns } from "./detail-columns.ts";
import { accuracyText, differenceFrom, intervalText, originText, protocolText, signedText } from "./figures.ts";
import { type Html, html } from "./html.ts";
import type { ExtraColumnHead, LeaderboardColumn, LeaderboardRow, RowGroup, Section } from "./leaderboard.ts";

/** Neighbouring columns of one dataset under a common head. */
function datasetsOf(columns: readonly LeaderboardColumn[]): { dataset: string; columns: LeaderboardColumn[] }[] {
  const datasets: { dataset: string; columns: LeaderboardColumn[] }[] = [];
  for (const column of columns) {
    const last = datasets.at(-1);
    if (last?.dataset === column.dataset) last.columns.push(column);
    else datasets.push({ dataset: column.dataset, columns: [column] });
  }
  return datasets;
}

/** A head that can be sorted by; the page's script puts a button into it. */
function sortableHead(title: string, unit: string | null, first: "ascending" | "descending", sorted = false): Html {
  const small = unit === null ? null : html` <small>${unit}</small>`;
  const state = sorted ? html` aria-sort="${first}"` : null;
  return html`<th scope="col" data-first="${first}"${state} rowspan="2">${title}${small}</th>`;
}

function tableHead(section: Section, extraColumns: readonly ExtraColumnHead[]): Html {
  const datasets = datasetsOf(section.columns);
  const groups = datasets.map(
    ({ dataset, columns }) =>
      html`<th scope="colgroup" class="dataset" colspan="${columns.length}">${dataset} <small>%</small></th>`,
  );
  const splits = section.columns.map(
    ({ split, name }) => html`<th scope="col" data-first="descending">${split === "" ? name : split}</th>`,
  );
  const details = detailColumns(section).map(({ title, unit }) => sortableHead(title, unit, "ascending"));
  const extra = extraColumns.map(({ title }) => sortableHead(title, null, "ascending"));
  const rank = section.rankedBy === null ? null : sortableHead("Rank", null, "ascending", true);
  return html`<thead>
<tr>${rank}${sortableHead("Method", null, "ascending")}${groups}${details}${extra}</tr>
<tr>${splits}</tr>
</thead>`;
}

function methodHead(row: LeaderboardRow): Html {
  const origin = html`<span class="origin ${row.origin}">${originText(row)}</span>`;
  const variant = row.variant === null ? null : html`, <span class="variant">${row.variant}</span>`;
  const small = html`<small>${origin} <span>${protocolText(row)}</span>${variant}</small>`;
  return html`<th scope="row" data-sort="${row.title}">${row.title} ${small}</th>`;
}

function accuracyCell(row: LeaderboardRow, name: string, isBest: boolean, below: string | null): Html {
  const accuracy = row.accuracies[name] ?? null;
  const text = accuracyText(accuracy);
  const figure = isBest ? html`<strong>${text}</strong>` : html`${text}`;
  const architecture = accuracy?.architecture ?? null;
  const second = below ?? intervalText(accuracy) ?? (architecture === null ? null : `cell ${architecture}`);
  const small = second === null ? null : html` <small>${second}</small>`;
  return html`<td data-sort="${accuracy?.mean ?? null}">${figure}${small}</td>`;
}

function tableRow(
  section: Section,
  row: LeaderboardRow,
  rank: number | null,
  extraColumns: readonly ExtraColumnHead[],
  cell: (column: LeaderboardColumn) => Html,
): Html {
  const rankCell = section.rankedBy === null ? null : html`<td data-sort="${rank}">${rank}</td>`;
  const details = detailColumns(section).map(
    ({ text, value }) => html`<td data-sort="${value(row)}">${value(row) === null ? null : text(row)}</td>`,
  );
  const extra = extraColumns.map(({ name }) => {
    const text = row.extra[name] ?? null;
    return html`<td data-sort="${text}">${text}</td>`;
  });
  return html`<tr class="${row.origin}">${rankCell}${methodHead(row)}${section.columns.map(cell)}${details}${extra}</tr>`;
}

/** The highest mean of each column among ranked rows. */
function bestMeans(section: Section): ReadonlyMap<string, number> {
  const best = new Map<string, number>();
  for (const { rank, row } of section.groups) {
    if (rank === null) continue;
    for (const { name } of section.columns) {
      const mean = row.accuracies[name]?.mean;
      if (mean !== undefined && mean > (best.get(name) ?? Number.NEGATIVE_INFINITY)) best.set(name, mean);
    }
  }
  return best;
}

function groupBody(
  section: Section,
  group: RowGroup,
  best: ReadonlyMap<string, number>,
  extra: readonly ExtraColumnHead[],
) {
  const { rank, row, published } = group;
  const isBest = (name: string) => rank !== null && row.accuracies[name]?.mean === best.get(name);
  const own = tableRow(section, row, rank, extra, ({ name }) => accuracyCell(row, name, isBest(name), null));
  const companions = published.map((companion) =>
    tableRow(section, companion, null, extra, ({ name }) => {
      const difference = differenceFrom(row, companion, name);
      return accuracyCell(companion, name, false, difference === null ? null : `Δ ${signedText(difference)}`);
    }),
  );
  // One body a group: sorting moves a row together with what it is compared with.
  return html`<tbody>
${own}
${companions.map(
  (line) => html`${line}
`,
)}</tbody>
`;
}

/** Text with its https addresses as links. */
function linkedText(text: string): Html {
  // Splitting by a group puts the addresses at the odd positions.
  const parts = text.split(/(https:\/\/[^\s<>"']*[^\s<>"'.,;)])/);
  return html`${parts.map((part, at) => (at % 2 === 0 ? part : html`<a href="${part}">${part}</a>`))}`;
}

/** A section's table, whole without any script. */
export function sectionTable(section: Section, extraColumns: readonly ExtraColumnHead[]): Html {
  const best = bestMeans(section);
  const caption = `caption-${section.id}`;
  return html`<div class="scroll" role="region" aria-labelledby="${caption}" tabindex="0">
<table class="leaderboard">
<caption id="${caption}"><span>${linkedText(section.caption)}</span></caption>
${tableHead(section, extraColumns)}
${section.groups.map((group) => groupBody(section, group, best, extraColumns))}</table>
</div>`;
}
