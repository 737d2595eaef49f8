import { Html, html } from "../../generator/html.ts";
import { ACCENT } from "./colours.ts";
import { CHART_WIDTH, shortName, svgStart } from "./plot-svg.ts";

const LONGEST_NAME = 32;
const WIDEST_CELL = 48;
const TOP = 26;
const FONT_SIZE = 12;
/** Average width of a letter of that size. */
const SMALL_LETTER = 7;

/** A square table of how well each two things agree, and its description. */
export interface Matrix {
  readonly title: string;
  readonly text: string;
  readonly names: readonly string[];
  /** The value of a pair of positions, the row larger than the column; -1 to 1, null where there is none. */
  readonly valueAt: (row: number, column: number) => number | null;
}

/** `.93`, `1.0`, `−.20` or `0`: two digits, so that many fit. */
function shortNumber(value: number): string {
  const digits = Math.abs(value).toFixed(2);
  if (digits === "0.00") return "0";
  const sign = value < 0 ? "−" : "";
  return sign + (digits === "1.00" ? "1.0" : digits.slice(1));
}

/**
 * The lower half of a matrix: a row for each name but the numbers of names on the columns, the stronger the cell's colour the
 * larger the value, the value in the cell.
 */
export function matrixChart({ title, text, names, valueAt }: Matrix): Html {
  const count = names.length;
  const labels = names.map((name, at) => `${shortName(name, LONGEST_NAME)} ${at + 1}`);
  const longest = labels.reduce((length, label) => Math.max(length, label.length), 0);
  const left = Math.round(12 + SMALL_LETTER * longest);
  const size = Math.min(WIDEST_CELL, Math.floor((CHART_WIDTH - left - 6) / count));
  const rowHeight = Math.min(size, 28);
  const cells = names.flatMap((_, row) =>
    names.slice(0, row).map((__, column) => {
      const value = valueAt(row, column);
      const [x, y] = [left + size * column, TOP + rowHeight * row];
      const shade = value === null ? "0" : (0.06 + 0.6 * Math.abs(value)).toFixed(2);
      return html`<rect x="${x + 1}" y="${y + 1}" width="${size - 2}" height="${rowHeight - 2}" fill="${ACCENT}" fill-opacity="${shade}"/><text x="${x + size / 2}" y="${y + rowHeight / 2 + 5}" font-size="${Math.min(FONT_SIZE, Math.round(size * 0.44))}">${value === null ? "–" : shortNumber(value)}</text>`;
    }),
  );
  const heads = names.map((_, column) => html`<text x="${left + size * (column + 0.5)}" y="17">${column + 1}</text>`);
  const rows = labels.map(
    (label, row) => html`<text x="${left - 8}" y="${TOP + rowHeight * (row + 0.5) + 5}">${label}</text>`,
  );
  const diagonal = names.map(
    (_, at) =>
      html`<text x="${left + size * (at + 0.5)}" y="${TOP + rowHeight * (at + 0.5) + 5}" fill-opacity="0.5">·</text>`,
  );
  const body = html`<g data-mark="columns" font-size="${FONT_SIZE}">${heads}</g><g data-mark="rows" font-size="${FONT_SIZE}" text-anchor="end">${rows}</g><g data-mark="cells">${cells}</g>${diagonal}</svg>`;
  return new Html(svgStart(CHART_WIDTH, TOP + rowHeight * count + 6, { title, text }) + body.text);
}
