/**
 * Text of others (method titles, error messages) with control characters and line ends made visible: they could tear a
 * line of any of the outputs, or steer the terminal that it is printed on.
 */
export function plainText(text: string): string {
  // Controls, line and paragraph separators, bidirectional overrides, and halves of surrogate pairs.
  return text.replace(/[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069\uFEFF]/gu, "\uFFFD").toWellFormed();
}

/** Text for HTML content and quoted attributes. */
export function escapeHtml(text: string): string {
  // Most texts of a page are figures: one look is much faster than five replacements.
  if (!/[&<>"']/.test(text)) return text;
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}

/** Text for a cell or paragraph of Markdown: nothing in it is markup, an entity or HTML. */
export function escapeMarkdown(text: string): string {
  const inside = text.replace(/[\\`*_[\]<>&|~$]/g, (sign) => MARKDOWN_ENTITIES[sign] ?? `\\${sign}`);
  // Where a paragraph starts these would make a heading or a list.
  return inside.replace(/^[#+-]/, "\\$&");
}

const MARKDOWN_ENTITIES: Readonly<Record<string, string>> = { "<": "&lt;", ">": "&gt;", "&": "&amp;" };

const LATEX: Readonly<Record<string, string>> = {
  "\\": "\\textbackslash{}",
  "{": "\\{",
  "}": "\\}",
  $: "\\$",
  "&": "\\&",
  "#": "\\#",
  _: "\\_",
  "%": "\\%",
  "~": "\\textasciitilde{}",
  "^": "\\textasciicircum{}",
  "<": "\\textless{}",
  ">": "\\textgreater{}",
  "|": "\\textbar{}",
  '"': "\\textquotedbl{}",
  "±": "$\\pm$",
  "−": "$-$",
};

/** Text for LaTeX: nothing in it is a command. A bracket after a line end would be its optional argument, so it is braced. */
export function escapeLatex(text: string): string {
  return text.replace(/[\\{}$&#_%~^<>|"±−]/g, (sign) => LATEX[sign] as string).replace(/[[\]]/g, (sign) => `{${sign}}`);
}

/**
 * A field of CSV as RFC 4180 quotes it. Text that a spreadsheet would take for a formula gets an apostrophe in front,
 * since names of methods come from others; numbers are never changed.
 */
export function csvField(value: string | number | null): string {
  if (value === null) return "";
  if (typeof value === "number") return String(value);
  const safe = /^[=+\-@]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) || safe !== safe.trim() ? `"${safe.replaceAll('"', '""')}"` : safe;
}
