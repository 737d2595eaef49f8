import { OPTIMUM } from "./comparison.js";
import { FACETS, facetValues } from "./filters.js";

/** The names that a table's state has in the address. */
const prefixOf = ({ id }, isOnly) => (isOnly ? "" : `${id}.`);

function readSort(text, columns) {
  if (text === null) return null;
  const column = text.replace(/^-/, "");
  const isKnown = columns.some(({ name }) => name === column);
  return isKnown ? { column, direction: text.startsWith("-") ? "descending" : "ascending" } : null;
}

/** Takes a table's state from the address; what no longer exists in the table is passed over. */
export function readAddress(view, isOnly) {
  const query = new URLSearchParams(location.search);
  const prefix = prefixOf(view, isOnly);
  const get = (name) => query.get(`${prefix}${name}`);
  const { columns, rows, state } = view;
  state.sort = readSort(get("sort"), columns);
  state.find = get("find") ?? "";
  for (const facet of Object.keys(FACETS)) {
    const value = get(facet);
    if (value !== null && facetValues(view, facet).includes(value)) state.filters[facet] = value;
  }
  const hidden = (get("hide") ?? "").split(",");
  state.hidden = columns.map(({ name }) => name).filter((name) => name !== "method" && hidden.includes(name));
  const compared = get("with") ?? "";
  const isThere = compared === OPTIMUM || rows.some(({ dataset }) => dataset.key === compared);
  state.compared = isThere ? compared : "";
}

/** Writes a table's state into the address, without a new entry in the history. */
export function writeAddress(view, isOnly) {
  const query = new URLSearchParams(location.search);
  const { sort, filters, find, hidden, compared } = view.state;
  const values = {
    sort: sort === null ? "" : `${sort.direction === "descending" ? "-" : ""}${sort.column}`,
    find: find.trim(),
    ...Object.fromEntries(Object.keys(FACETS).map((facet) => [facet, filters[facet] ?? ""])),
    hide: hidden.join(","),
    with: compared,
  };
  for (const [name, value] of Object.entries(values)) {
    const key = `${prefixOf(view, isOnly)}${name}`;
    if (value === "") query.delete(key);
    else query.set(key, value);
  }
  const text = query.toString();
  try {
    history.replaceState(history.state, "", `${location.pathname}${text === "" ? "" : `?${text}`}${location.hash}`);
  } catch {
    // Some browsers let no file change its address; the page works without.
  }
}
