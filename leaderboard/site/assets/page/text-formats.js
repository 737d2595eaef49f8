const MARKDOWN_ENTITIES = { "<": "&lt;", ">": "&gt;", "&": "&amp;" };

/** Text for a cell of Markdown: nothing in it is markup. */
export function escapeMarkdown(text) {
  const inside = text.replace(/[\\`*_[\]<>&|~$]/g, (sign) => MARKDOWN_ENTITIES[sign] ?? `\\${sign}`);
  return inside.replace(/^[#+-]/, "\\$&");
}

const LATEX_SIGNS = {
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

/** Text for LaTeX: nothing in it is a command. */
export function escapeLatex(text) {
  return text.replace(/[\\{}$&#_%~^<>|"±−]/g, (sign) => LATEX_SIGNS[sign]).replace(/[[\]]/g, (sign) => `{${sign}}`);
}

/** A field of CSV as RFC 4180 quotes it; text that a spreadsheet would take for a formula gets an apostrophe in front. */
export function csvField(value) {
  if (value === null) return "";
  if (typeof value === "number") return String(value);
  const safe = /^[=+\-@]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) || safe !== safe.trim() ? `"${safe.replaceAll('"', '""')}"` : safe;
}
