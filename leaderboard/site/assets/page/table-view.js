/** An element with properties and children. */
export function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

/** A label with the control that it names. */
export function labelled(text, control) {
  return element("label", {}, element("span", { textContent: text }), control);
}

/** The columns of a table in their order; heads that span two rows stand around those of the second row. */
function readColumns(table) {
  const lower = [...table.tHead.rows[1].cells];
  const columns = [];
  for (const head of table.tHead.rows[0].cells) {
    const isGroup = head.scope === "colgroup";
    const leaves = isGroup ? lower.splice(0, head.colSpan) : [head];
    for (const leaf of leaves) {
      columns.push({
        at: columns.length,
        name: leaf.dataset.column,
        title: leaf.firstChild.textContent.trim(),
        unit: leaf.querySelector("small")?.textContent ?? "",
        dataset: isGroup ? head.firstChild.textContent.trim() : "",
        first: leaf.dataset.first,
        optimum: leaf.dataset.optimum === undefined ? null : Number(leaf.dataset.optimum),
        head: leaf,
        groupHead: isGroup ? head : null,
      });
    }
  }
  return columns;
}

/** What a reader did to a table; nothing done. */
export function emptyState() {
  return { sort: null, filters: {}, find: "", hidden: [], compared: "" };
}

/** What is known of a table, from what the page says. */
export function readView(block) {
  const table = block.querySelector("table");
  const bodies = [...table.tBodies];
  return {
    id: block.dataset.benchmark,
    block,
    table,
    columns: readColumns(table),
    // The order of the page, which a reset goes back to.
    bodies,
    rows: bodies.flatMap((body) => [...body.rows]),
    status: element("p", { className: "status", role: "status" }),
    state: emptyState(),
  };
}

/** A column as text: `CIFAR-10 test`. */
export function columnTitle({ dataset, title }) {
  return `${dataset} ${title}`.trim();
}

/** A row's words under its method: title, and what tells it from others of the same name. */
export function rowTitle(row) {
  const head = row.querySelector("th");
  const variant = head.querySelector(".variant")?.textContent;
  const published = row.dataset.source === "published" ? ", published" : "";
  return `${head.dataset.sort}${variant === undefined ? "" : ` (${variant})`}${published}`;
}
