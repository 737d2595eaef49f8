import { element, labelled, rowTitle } from "./table-view.js";

/** What rows can be filtered by: the names of their data attributes and the labels. */
export const FACETS = {
  kind: "Kind of method",
  source: "Source",
  standing: "Standing",
  protocol: "Protocol",
  bn: "Batch norm",
};

/** The values that a facet has in a table, sorted. */
export function facetValues({ rows }, facet) {
  return [...new Set(rows.map((row) => row.dataset[facet]))].filter((value) => value !== "").sort();
}

function isShown(row, { filters, find }) {
  const lead = row.parentElement.rows[0];
  const words = `${rowTitle(lead)} ${rowTitle(row)}`.toLowerCase();
  return (
    words.includes(find.trim().toLowerCase()) &&
    Object.entries(filters).every(([facet, value]) => row.dataset[facet] === value)
  );
}

/** Shows the rows that the state asks for. */
export function applyFilters({ rows, bodies, state }) {
  for (const row of rows) row.hidden = !isShown(row, state);
  for (const body of bodies) body.hidden = [...body.rows].every(({ hidden }) => hidden);
}

/** How many rows are shown, in words. */
export function filterText({ rows }) {
  const shown = rows.filter(({ hidden }) => !hidden).length;
  return shown === rows.length ? `${shown} rows.` : `${shown} of ${rows.length} rows.`;
}

/** The controls of all facets that tell rows of this table apart, and of the search for a name. */
export function filterControls(view, changed) {
  const find = element("input", { type: "search", name: "find" });
  find.addEventListener("input", () => {
    view.state.find = find.value;
    changed();
  });
  const refreshed = [
    () => {
      find.value = view.state.find;
    },
  ];
  const controls = [labelled("Find", find)];
  for (const [facet, title] of Object.entries(FACETS)) {
    const values = facetValues(view, facet);
    if (values.length < 2) continue;
    const select = element(
      "select",
      { name: facet },
      new Option("all", ""),
      ...values.map((value) => new Option(value)),
    );
    select.addEventListener("change", () => {
      if (select.value === "") delete view.state.filters[facet];
      else view.state.filters[facet] = select.value;
      changed();
    });
    refreshed.push(() => {
      select.value = view.state.filters[facet] ?? "";
    });
    controls.push(labelled(title, select));
  }
  return {
    controls,
    refresh: () => {
      for (const refresh of refreshed) refresh();
    },
  };
}
