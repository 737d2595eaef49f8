/**
 * The page's script: puts a button into every head that can be sorted by. A press sorts the table's bodies by that column
 * of their first rows; a second press turns the order round. Rows without a figure stay last.
 */
export const PAGE_SCRIPT = `
"use strict";
for (const table of document.querySelectorAll("table.leaderboard")) {
  const heads = [...table.querySelectorAll("thead th[data-first]")];
  const original = [...table.tBodies];
  const keyOf = (body, column) => body.rows[0].cells[column].dataset.sort;
  const sortBy = (column, direction) => {
    const keys = new Map(original.map((body) => [body, keyOf(body, column)]));
    const isNumber = [...keys.values()].every((key) => key === "" || Number.isFinite(Number(key)));
    const sign = direction === "ascending" ? 1 : -1;
    const compare = (a, b) => {
      const x = keys.get(a), y = keys.get(b);
      if (x === "" || y === "") return (x === "") - (y === "");
      return sign * (isNumber ? Number(x) - Number(y) : x.toLowerCase() < y.toLowerCase() ? -1 : x.toLowerCase() > y.toLowerCase() ? 1 : 0);
    };
    table.append(...[...original].sort(compare));
  };
  // A head's column: heads with rowspan stand in the first row, around those of the second.
  const firstRow = [...table.tHead.rows[0].cells], secondRow = [...table.tHead.rows[1].cells];
  const columnOf = (head) => {
    const inSecond = secondRow.indexOf(head);
    const stop = inSecond < 0 ? firstRow.indexOf(head) : firstRow.findIndex((cell) => cell.scope === "colgroup");
    return firstRow.slice(0, stop).reduce((sum, cell) => sum + cell.colSpan, Math.max(inSecond, 0));
  };
  for (const head of heads) {
    const column = columnOf(head);
    const button = document.createElement("button");
    button.type = "button";
    // The title alone: the unit stays below the button.
    button.textContent = head.firstChild.textContent.trim();
    head.firstChild.replaceWith(button);
    button.addEventListener("click", () => {
      const turned = head.ariaSort === "ascending" ? "descending" : "ascending";
      const direction = head.ariaSort === null ? head.dataset.first : turned;
      for (const other of heads) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", direction);
      sortBy(column, direction);
    });
  }
}
`;
