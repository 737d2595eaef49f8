import { element, labelled } from "./table-view.js";
import { viewBibtex, viewCsv, viewJson, viewLatex, viewMarkdown } from "./view-formats.js";

const FORMATS = { CSV: viewCsv, LaTeX: viewLatex, Markdown: viewMarkdown, JSON: viewJson, BibTeX: viewBibtex };

/** Where the clipboard is closed to the page: the text itself, selected. */
function showText(view, name, text) {
  view.block.querySelector(".copy-text")?.remove();
  const area = element("textarea", { readOnly: true, rows: 10, value: text, spellcheck: false });
  const close = element("button", { type: "button", textContent: "Close" });
  const shown = element("div", { className: "copy-text" }, labelled(`${name}, to be copied by hand`, area), close);
  close.addEventListener("click", () => {
    shown.remove();
    view.copyButtons[name].focus();
  });
  view.status.after(shown);
  area.focus();
  area.select();
}

async function copy(view, name) {
  const text = FORMATS[name](view);
  try {
    await navigator.clipboard.writeText(text);
    view.status.textContent = `Copied what is shown as ${name}.`;
  } catch {
    showText(view, name, text);
    view.status.textContent = `The browser does not let this page copy. The ${name} is selected below.`;
  }
}

/** A button for each format that there is something of. */
export function copyControls(view) {
  const names = Object.keys(FORMATS).filter(
    (name) => name !== "BibTeX" || view.rows.some(({ dataset }) => dataset.bibtex !== undefined),
  );
  view.copyButtons = Object.fromEntries(
    names.map((name) => [name, element("button", { type: "button", textContent: name, ariaLabel: `Copy as ${name}` })]),
  );
  for (const name of names) view.copyButtons[name].addEventListener("click", () => copy(view, name));
  const title = element("span", { textContent: "Copy as" });
  return element(
    "div",
    { className: "copy", role: "group", ariaLabel: "Copy what is shown" },
    title,
    ...Object.values(view.copyButtons),
  );
}
