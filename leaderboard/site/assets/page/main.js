import { applyColumns, columnControls } from "./column-choice.js";
import { applyComparison, comparisonControls, comparisonText } from "./comparison.js";
import { copyControls } from "./copying.js";
import { applyFilters, filterControls, filterText } from "./filters.js";
import { addSortButtons, applySort, sortText } from "./sorting.js";
import { element, emptyState, readView } from "./table-view.js";
import { addThemeChoice, restoreTheme } from "./theme.js";
import { readAddress, writeAddress } from "./url-state.js";

/** From this width on the tools are open from the start. */
const WIDE = "(min-width: 48rem)";

function isChanged({ sort, filters, find, hidden, compared }) {
  return sort !== null || Object.keys(filters).length > 0 || find !== "" || hidden.length > 0 || compared !== "";
}

function enhance(block, isOnly) {
  const view = readView(block);
  readAddress(view, isOnly);
  const reset = element("button", { type: "button", textContent: "Reset" });
  const parts = [filterControls, comparisonControls, columnControls].map((controls) => controls(view, changed));

  function apply() {
    applySort(view);
    applyFilters(view);
    applyColumns(view);
    applyComparison(view);
    for (const { refresh } of parts) refresh();
    reset.disabled = !isChanged(view.state);
    view.status.textContent = [filterText(view), sortText(view), comparisonText(view)]
      .filter((text) => text !== "")
      .join(" ");
  }
  function changed() {
    apply();
    writeAddress(view, isOnly);
  }

  reset.addEventListener("click", () => {
    view.state = emptyState();
    changed();
    // A disabled button would drop the focus to the top of the page.
    block.querySelector("summary").focus();
  });
  addSortButtons(view, changed);
  const tools = element(
    "div",
    { className: "controls" },
    ...parts.flatMap(({ controls }) => controls),
    reset,
    copyControls(view),
  );
  const summary = element("summary", { textContent: "Filter, compare, choose columns, copy" });
  const panel = element("details", { className: "tools", open: matchMedia(WIDE).matches }, summary, tools);
  block.prepend(panel, view.status);
  apply();
}

restoreTheme();
document.addEventListener("DOMContentLoaded", () => {
  addThemeChoice();
  const blocks = document.querySelectorAll(".benchmark");
  for (const block of blocks) enhance(block, blocks.length === 1);
});
