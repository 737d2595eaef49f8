import { element, labelled, rowTitle } from "./table-view.js";

/** What stands in the address for the best of the table. */
export const OPTIMUM = "optimum";

const MINUS = "−";

function signed(difference) {
  const digits = Math.abs(difference).toFixed(2);
  if (digits === "0.00") return digits;
  return `${difference > 0 ? "+" : MINUS}${digits}`;
}

function pText(p) {
  return p < 0.001 ? "p < 0.001" : `p ${p.toFixed(p < 0.1 ? 3 : 2)}`;
}

/** Two cells' p-value; null where their rows were not compared. */
function pOf(own, other) {
  if (own.dataset.p === undefined || other.dataset.at === undefined) return null;
  const p = own.dataset.p.split(" ")[Number(other.dataset.at)];
  return p === undefined ? null : Number(p);
}

function differenceOf(cell, column, comparedRow, level) {
  const own = cell.dataset.sort;
  const other = comparedRow === null ? column.optimum : comparedRow.cells[column.at].dataset.sort;
  if (own === "" || other === "" || other === null) return null;
  const difference = Number(own) - Number(other);
  const text = signed(difference);
  const p = comparedRow === null ? null : pOf(cell, comparedRow.cells[column.at]);
  if (p === null) return { text, difference, p: "", isAlike: false };
  const isAlike = p >= level;
  return { text: `${text}${isAlike ? " ≈" : ","} ${pText(p)}`, difference, p, isAlike };
}

function clearComparison({ rows, table }) {
  table.classList.remove("comparing");
  for (const row of rows) row.classList.remove("compared", "alike");
  for (const added of table.querySelectorAll("small.difference")) added.remove();
  for (const small of table.querySelectorAll("td.accuracy > small")) small.hidden = false;
}

function comparedRowOf({ rows, state }) {
  return rows.find(({ dataset }) => dataset.key === state.compared) ?? null;
}

/** Shows, below each accuracy, by how much it is higher than the compared row's, and whether the runs tell the two apart. */
export function applyComparison(view) {
  const { rows, columns, table, state } = view;
  clearComparison(view);
  const comparedRow = comparedRowOf(view);
  if (comparedRow === null && state.compared !== OPTIMUM) return;
  table.classList.add("comparing");
  comparedRow?.classList.add("compared");
  for (const row of rows) {
    if (row === comparedRow) continue;
    for (const column of columns) {
      const cell = row.cells[column.at];
      if (!cell.classList.contains("accuracy")) continue;
      const difference = differenceOf(cell, column, comparedRow, Number(table.dataset.level));
      if (difference === null) continue;
      for (const small of cell.querySelectorAll("small")) small.hidden = true;
      const small = element("small", { className: "difference", textContent: difference.text });
      // For copies, which have all digits.
      Object.assign(small.dataset, { difference: difference.difference, p: difference.p });
      cell.append(small);
      if (difference.isAlike && column.name === table.dataset.rankedBy) row.classList.add("alike");
    }
  }
}

/** The comparison in words; empty where there is none. */
export function comparisonText(view) {
  if (view.state.compared === OPTIMUM) return "Differences from the best of the table, in percentage points.";
  const row = comparedRowOf(view);
  if (row === null) return "";
  return `Differences from ${rowTitle(row)}, in percentage points; p adjusted by Holm; ≈ not told apart.`;
}

/** The choice of what to compare with. */
export function comparisonControls(view, changed) {
  const { rows, columns } = view;
  const select = element("select", { name: "with" }, new Option("nothing", ""));
  if (columns.some(({ optimum }) => optimum !== null)) select.append(new Option("best of the table", OPTIMUM));
  for (const row of rows) {
    const hasFigure = [...row.cells].some((cell) => cell.classList.contains("accuracy"));
    if (hasFigure) select.append(new Option(rowTitle(row), row.dataset.key));
  }
  select.addEventListener("change", () => {
    view.state.compared = select.value;
    changed();
  });
  const refresh = () => {
    select.value = view.state.compared;
  };
  return { controls: [labelled("Compare with", select)], refresh };
}
