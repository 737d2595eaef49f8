import { comparisonText } from "./comparison.js";
import { columnTitle, rowTitle } from "./table-view.js";
import { csvField, escapeLatex, escapeMarkdown } from "./text-formats.js";

const numberOrNull = (text) => (text === undefined || text === "" ? null : Number(text));

/** What stands first in a cell: its text without the second line. */
function mainText(cell) {
  const copy = cell.cloneNode(true);
  for (const small of copy.querySelectorAll("small, .lanes")) small.remove();
  return copy.textContent.trim();
}

/** The letters of a rank; a row without rank has a remark in their place. */
const lettersOf = (cell) =>
  cell.dataset.best === undefined ? [] : (cell.querySelector("small")?.textContent.split(" ") ?? []);

function isText({ name }) {
  return name === "standing" || name.startsWith("extra.");
}

/** The comparison below a cell's figure; undefined where nothing is compared, null where this cell is not. */
function comparisonIn(cell) {
  if (!cell.closest("table").classList.contains("comparing")) return undefined;
  return cell.querySelector("small.difference");
}

/** Fields of the comparison: the same ones in every row, whatever could be compared. */
function comparisonFields(name, cell) {
  const compared = comparisonIn(cell);
  if (compared === undefined) return {};
  return {
    [`${name}.difference`]: numberOrNull(compared?.dataset.difference),
    [`${name}.p`]: numberOrNull(compared?.dataset.p),
  };
}

/** A cell's fields by name, in full precision. */
function cellFields(column, row) {
  const cell = row.cells[column.at];
  const { sort, std, low, high, best, worst } = cell.dataset;
  const { name } = column;
  if (name === "method") {
    const { version = null, source, protocol } = row.dataset;
    const variant = cell.querySelector(".variant")?.textContent ?? null;
    return { method: sort, version, variant, source, protocol };
  }
  if (name === "rank") {
    return {
      rank_best: numberOrNull(best),
      rank_worst: numberOrNull(worst),
      not_told_apart: lettersOf(cell).join(" ") || null,
    };
  }
  if (column.groupHead !== null) {
    return {
      [`${name}.mean`]: numberOrNull(sort),
      [`${name}.std`]: numberOrNull(std),
      [`${name}.low`]: numberOrNull(low),
      [`${name}.high`]: numberOrNull(high),
      ...comparisonFields(name, cell),
    };
  }
  return { [name]: isText(column) ? mainText(cell) || null : numberOrNull(sort) };
}

function shownRows({ table }) {
  return [...table.tBodies].flatMap((body) => [...body.rows]).filter(({ hidden }) => !hidden);
}

function shownColumns({ columns }) {
  return columns.filter(({ head }) => !head.hidden);
}

function rowFields(view) {
  const columns = shownColumns(view);
  return shownRows(view).map((row) => Object.assign({}, ...columns.map((column) => cellFields(column, row))));
}

const captionOf = (view) => `${view.table.caption.textContent} ${comparisonText(view)}`.trim().replace(/\s+/g, " ");

/** What is shown, as CSV with a head, all figures in full precision. */
export function viewCsv(view) {
  const rows = rowFields(view);
  const lines = [Object.keys(rows[0] ?? {}), ...rows.map((row) => Object.values(row))];
  return lines.map((line) => `${line.map(csvField).join(",")}\r\n`).join("");
}

/** What is shown, as JSON, all figures in full precision. */
export function viewJson(view) {
  const { title, rankedBy } = view.table.dataset;
  const shown = { title, caption: captionOf(view), rankedBy: rankedBy || null, rows: rowFields(view) };
  return `${JSON.stringify(shown, null, 2)}\n`;
}

function cellText(column, row) {
  if (column.name === "method") return rowTitle(row);
  const cell = row.cells[column.at];
  const compared = column.groupHead === null ? null : (comparisonIn(cell) ?? null);
  return compared === null ? mainText(cell) : `${mainText(cell)} (${compared.textContent})`;
}

function headText(column) {
  return column.unit === "" ? columnTitle(column) : `${columnTitle(column)} (${column.unit})`;
}

/** What is shown, as a table of GitHub's Markdown. */
export function viewMarkdown(view) {
  const columns = shownColumns(view);
  const line = (cells) => `| ${cells.map(escapeMarkdown).join(" | ")} |`;
  const rule = columns.map(({ name }) => (name === "method" ? "---" : "---:"));
  const rows = shownRows(view).map((row) =>
    line(
      columns.map((column) => {
        const letters = column.name === "rank" ? lettersOf(row.cells[column.at]).join(" ") : "";
        return letters === "" ? cellText(column, row) : `${cellText(column, row)} (${letters})`;
      }),
    ),
  );
  return `${[line(columns.map(headText)), `| ${rule.join(" | ")} |`, ...rows].join("\n")}\n`;
}

function latexHeads(columns) {
  const upper = [];
  for (const column of columns) {
    const last = upper.at(-1);
    if (column.groupHead !== null && last?.groupHead === column.groupHead) last.span += 1;
    else
      upper.push({
        groupHead: column.groupHead,
        text: column.groupHead === null ? column.title : column.dataset,
        span: 1,
      });
  }
  let next = 1;
  const rules = upper.flatMap(({ groupHead, span }) => {
    next += span;
    return groupHead === null ? [] : [`\\cmidrule(lr){${next - span}-${next - 1}}`];
  });
  const groups = upper.map(({ groupHead, text, span }) =>
    groupHead === null ? escapeLatex(text) : `\\multicolumn{${span}}{c}{${escapeLatex(text)}}`,
  );
  const lower = columns.map(({ groupHead, title, unit }) =>
    groupHead === null ? (unit === "" ? "" : `{\\scriptsize ${escapeLatex(unit)}}`) : escapeLatex(title),
  );
  return [`${groups.join(" & ")} \\\\`, ...(rules.length === 0 ? [] : [rules.join(" ")]), `${lower.join(" & ")} \\\\`];
}

function latexCell(column, row) {
  const cell = row.cells[column.at];
  const text = escapeLatex(cellText(column, row)).replaceAll("–", "--");
  if (column.name === "rank" && lettersOf(cell).length > 0) return `${text}$^{\\mathrm{${lettersOf(cell).join("")}}}$`;
  return cell.querySelector("strong") === null ? text : `\\textbf{${text}}`;
}

/** What is shown, as a LaTeX table in the manner of booktabs. */
export function viewLatex(view) {
  const columns = shownColumns(view);
  const alignment = columns.map(({ name }) => (name === "method" ? "l" : "r")).join("");
  const rows = shownRows(view).map((row) => `${columns.map((column) => latexCell(column, row)).join(" & ")} \\\\`);
  const lines = [
    "% Needs \\usepackage{booktabs} and \\usepackage[T1]{fontenc}.",
    "\\begin{table*}",
    "\\centering",
    "\\small",
    `\\caption{${escapeLatex(`${view.table.dataset.title}. ${captionOf(view)}`)}}`,
    `\\begin{tabular}{${alignment}}`,
    "\\toprule",
    ...latexHeads(columns),
    "\\midrule",
    ...rows,
    "\\bottomrule",
    "\\end{tabular}",
    "\\end{table*}",
  ];
  return `${lines.join("\n")}\n`;
}

/** The entries of the methods that are shown, each once. */
export function viewBibtex(view) {
  const entries = shownRows(view).flatMap(({ dataset }) => dataset.bibtex ?? []);
  return [...new Set(entries)].map((entry) => `${entry.trim()}\n`).join("\n");
}
