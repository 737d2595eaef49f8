import { detailColumns } from "../generator/detail-columns.ts";
import {
  accuracyText,
  differenceFrom,
  intervalText,
  originText,
  protocolText,
  signedText,
} from "../generator/figures.ts";
import { type Html, html } from "../generator/html.ts";
import type { ExtraColumnHead, LeaderboardColumn } from "../generator/leaderboard.ts";
import { isRanked, rankText } from "../generator/rank-range.ts";
import { isTooShort } from "../generator/ranking.ts";
import type { Distinction } from "./site-model.ts";
import { rankedDistinction, type TableLine, type TableSource } from "./table-lines.ts";

/** A column of a table. */
export interface TableColumn {
  /** Name in addresses and copies. */
  readonly name: string;
  readonly title: string;
  /** Below the title; null for nothing. */
  readonly unit: string | null;
  /** The dataset that it stands under together with its neighbours; null for a head of its own. */
  readonly dataset: string | null;
  /** The way that the first press sorts. */
  readonly first: "ascending" | "descending";
  /** The table's best value, in percent; null where it has none, or is not known. */
  readonly optimum: number | null;
  readonly cell: (line: TableLine) => Html;
}

/** Most rows whose p-values stand in the page: they are as many as pairs. */
const MOST_P_VALUES = 40;

const LANES = 6;

function rankColumn(source: TableSource): TableColumn {
  const groups = rankedDistinction(source)?.groups ?? [];
  const lanes = (line: TableLine) => {
    if (groups.length === 0 || groups.length > LANES || line.rank === null) return null;
    const id = line.result?.id ?? "";
    return html`<span class="lanes" aria-hidden="true">${groups.map((group) =>
      group.includes(id) ? html`<i class="in"></i>` : html`<i></i>`,
    )}</span>`;
  };
  const cell = (line: TableLine) => {
    const { rank } = line;
    if (rank === null) {
      const why = isTooShort(line.row) ? html`<small>few runs</small>` : null;
      return html`<td class="rank" data-sort="">${why}</td>`;
    }
    const { best, worst, letters } = rank;
    const small = letters.length === 0 ? null : html` <small>${letters.join(" ")}</small>`;
    // The worst rank is below any number of rows: it only orders those of one best rank.
    return html`<td class="rank" data-sort="${best + worst / 1e6}" data-best="${best}" data-worst="${worst}">${lanes(line)}${rankText(rank)}${small}</td>`;
  };
  return { name: "rank", title: "Rank", unit: null, dataset: null, first: "ascending", optimum: null, cell };
}

function methodColumn(root: string): TableColumn {
  const cell = ({ row, result }: TableLine) => {
    const origin = html`<span class="origin ${row.origin}">${originText(row)}</span>`;
    const variant = row.variant === null ? null : html`, <span class="variant">${row.variant}</span>`;
    const title =
      result === null ? html`${row.title}` : html`<a href="${root}methods/${result.id}.html">${row.title}</a>`;
    // All rows of a benchmark but published ones are of its own protocol.
    const under = row.origin === "published" ? protocolText(row) : row.version;
    const small = html`<small>${origin} <span>${under}</span>${variant}</small>`;
    return html`<th scope="row" data-sort="${row.title}">${title} ${small}</th>`;
  };
  return { name: "method", title: "Method", unit: null, dataset: null, first: "ascending", optimum: null, cell };
}

/** By id: position and p-values against all positions, as the page's script reads them. */
function pValues(distinction: Distinction | undefined): ReadonlyMap<string, Html> {
  if (distinction === undefined || distinction.ids.length > MOST_P_VALUES) return new Map();
  const { ids, p } = distinction;
  return new Map(
    ids.map((id, at) => [
      id,
      html` data-at="${at}" data-p="${ids.map((other) => Number(p(id, other).toPrecision(2))).join(" ")}"`,
    ]),
  );
}

function accuracyColumn(source: TableSource, { name, dataset, split }: LeaderboardColumn, root: string): TableColumn {
  const ps = pValues(source.distinctions.find(({ column }) => column === name));
  const ranked = source.section.groups.filter(({ rank }) => rank !== null).map(({ row }) => row.accuracies[name]?.mean);
  const best = ranked.reduce<number>((most, mean) => Math.max(most, mean ?? most), Number.NEGATIVE_INFINITY);
  const cell = ({ row, lead, result, rank }: TableLine) => {
    const accuracy = row.accuracies[name] ?? null;
    const text = accuracyText(accuracy);
    if (accuracy === null) return html`<td data-sort="">${text}</td>`;
    const { mean, std, low, high, architecture } = accuracy;
    const page = result === null ? null : `${root}methods/${result.id}.html`;
    // The same page as the method's link, so no further stop of the tab key.
    const linked = page === null ? html`${text}` : html`<a class="figure" tabindex="-1" href="${page}">${text}</a>`;
    const figure = rank !== null && mean === best ? html`<strong>${linked}</strong>` : linked;
    const difference = lead === null ? null : differenceFrom(lead, row, name);
    const cellLink =
      architecture === null ? null : html`<a href="${root}architectures/${architecture}.html">cell ${architecture}</a>`;
    const second = difference === null ? (intervalText(accuracy) ?? cellLink) : `Δ ${signedText(difference)}`;
    const small = second === null ? null : html` <small>${second}</small>`;
    const numbers = html`data-sort="${mean}" data-std="${std}" data-low="${low}" data-high="${high}"`;
    return html`<td class="accuracy" ${numbers}${ps.get(result?.id ?? "") ?? null}>${figure}${small}</td>`;
  };
  const optimum = source.optima[name]?.value ?? null;
  return { name, title: split === "" ? name : split, unit: null, dataset, first: "descending", optimum, cell };
}

function regretColumn(source: TableSource): TableColumn | null {
  const { rankedBy, columns } = source.section;
  const column = columns.find(({ name }) => name === rankedBy);
  const optimum = column === undefined ? undefined : source.optima[column.name]?.value;
  if (column === undefined || optimum === undefined) return null;
  const cell = ({ row, lead }: TableLine) => {
    const mean = row.accuracies[column.name]?.mean ?? null;
    // Another table's best is not this one's, so a published row has no regret here.
    const regret = mean === null || lead !== null || row.origin === "published" ? null : optimum - mean;
    return html`<td data-sort="${regret}">${regret === null ? null : Math.abs(regret).toFixed(2)}</td>`;
  };
  const unit = `points, ${column.split}`;
  return { name: "regret", title: "Regret", unit, dataset: null, first: "ascending", optimum: null, cell };
}

/** The columns of a table. The order is that of reading: place, name, figures, how much they cost. */
export function tableColumns(
  source: TableSource,
  root: string,
  extraColumns: readonly ExtraColumnHead[],
): readonly TableColumn[] {
  const { section } = source;
  const details = detailColumns(section).map(
    ({ title, unit, text, value }): TableColumn => ({
      name: title.toLowerCase().replaceAll(" ", "-"),
      title,
      unit,
      dataset: null,
      first: "ascending",
      optimum: null,
      cell: ({ row }) => html`<td data-sort="${value(row)}">${value(row) === null ? null : text(row)}</td>`,
    }),
  );
  const extra = extraColumns.map(({ name, title }): TableColumn => {
    const cell = ({ row }: TableLine) => {
      const text = row.extra[name] ?? null;
      return html`<td data-sort="${text}">${text}</td>`;
    };
    return { name: `extra.${name}`, title, unit: null, dataset: null, first: "ascending", optimum: null, cell };
  });
  const columns = [
    isRanked(section) ? rankColumn(source) : null,
    methodColumn(root),
    ...section.columns.map((column) => accuracyColumn(source, column, root)),
    regretColumn(source),
    ...details,
    ...extra,
  ];
  return columns.filter((column) => column !== null);
}
