import { columnTitle, element } from "./table-view.js";

function compareKeys(a, b, isNumber) {
  if (isNumber) return Number(a) - Number(b);
  const [x, y] = [a.toLowerCase(), b.toLowerCase()];
  return x < y ? -1 : x > y ? 1 : 0;
}

/** Bodies by a column of their first rows; those without a figure last. The sort is stable. */
function sortedBodies({ bodies }, column, direction) {
  const keys = new Map(bodies.map((body) => [body, body.rows[0].cells[column.at].dataset.sort]));
  const isNumber = [...keys.values()].every((key) => key === "" || Number.isFinite(Number(key)));
  const sign = direction === "ascending" ? 1 : -1;
  return [...bodies].sort((first, second) => {
    const [a, b] = [keys.get(first), keys.get(second)];
    if (a === "" || b === "") return (a === "") - (b === "");
    return sign * compareKeys(a, b, isNumber);
  });
}

/** Orders the table as its state says. */
export function applySort(view) {
  const { sort } = view.state;
  const column = sort === null ? undefined : view.columns.find(({ name }) => name === sort.column);
  for (const { head } of view.columns) head.removeAttribute("aria-sort");
  column?.head.setAttribute("aria-sort", sort.direction);
  view.table.append(...(column === undefined ? view.bodies : sortedBodies(view, column, sort.direction)));
}

/** The sort in words; empty where there is none. */
export function sortText({ state, columns }) {
  const column = columns.find(({ name }) => name === state.sort?.column);
  return column === undefined ? "" : `Sorted by ${columnTitle(column)}, ${state.sort.direction}.`;
}

/** Puts a button into every head: a press sorts, a second one turns the order round. */
export function addSortButtons(view, changed) {
  for (const { name, first, title, head } of view.columns) {
    const button = element("button", { type: "button", textContent: title });
    // The title alone: the unit stays below the button.
    head.firstChild.replaceWith(button);
    button.addEventListener("click", () => {
      const { sort } = view.state;
      const turned = sort?.direction === "ascending" ? "descending" : "ascending";
      view.state.sort = { column: name, direction: sort?.column === name ? turned : first };
      changed();
    });
  }
}
