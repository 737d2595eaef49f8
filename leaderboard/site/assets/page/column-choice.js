import { columnTitle, element } from "./table-view.js";

/** Shows the columns that the state doesn't hide. */
export function applyColumns({ columns, rows, state }) {
  for (const { at, name, head } of columns) {
    const hidden = state.hidden.includes(name);
    head.hidden = hidden;
    for (const row of rows) row.cells[at].hidden = hidden;
  }
  for (const group of new Set(columns.map(({ groupHead }) => groupHead))) {
    if (group === null) continue;
    const shown = columns.filter(({ groupHead, head }) => groupHead === group && !head.hidden).length;
    group.hidden = shown === 0;
    group.colSpan = Math.max(shown, 1);
  }
}

/** The choice of columns: a box for each but the methods' names, without which no row could be told from another. */
export function columnControls(view, changed) {
  const boxes = view.columns
    .filter(({ name }) => name !== "method")
    .map((column) => {
      const box = element("input", { type: "checkbox", name: column.name });
      box.addEventListener("change", () => {
        const others = view.state.hidden.filter((name) => name !== column.name);
        view.state.hidden = box.checked ? others : [...others, column.name];
        changed();
      });
      return { box, label: element("label", {}, box, ` ${columnTitle(column)}`) };
    });
  const fields = element(
    "fieldset",
    {},
    element("legend", { textContent: "Columns shown" }),
    ...boxes.map(({ label }) => label),
  );
  const summary = element("summary", { textContent: "Columns" });
  const choice = element("details", { className: "columns" }, summary, fields);
  const close = () => {
    choice.open = false;
  };
  choice.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !choice.open) return;
    close();
    summary.focus();
  });
  document.addEventListener("click", (event) => {
    if (!choice.contains(event.target)) close();
  });
  const refresh = () => {
    for (const { box } of boxes) box.checked = !view.state.hidden.includes(box.name);
  };
  return { controls: [choice], refresh };
}
