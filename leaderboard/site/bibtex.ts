import { createHash } from "node:crypto";
import type { Paper } from "../../schemas/generated/submission.ts";
import { plainText } from "../generator/text.ts";
import type { MethodResult, Site } from "./site-model.ts";

const SIGNS: Readonly<Record<string, string>> = {
  "\\": "{\\textbackslash}",
  "{": "{\\textbraceleft}",
  "}": "{\\textbraceright}",
  $: "{\\$}",
  "&": "{\\&}",
  "#": "{\\#}",
  _: "{\\_}",
  "%": "{\\%}",
  "~": "{\\textasciitilde}",
  "^": "{\\textasciicircum}",
  '"': "{\\textquotedbl}",
  "@": "{@}",
};

/** Text for a field of BibTeX: braces stay balanced and nothing in it is a command. */
export function bibtexText(text: string): string {
  return plainText(text).replace(/[\\{}$&#_%~^"@]/g, (sign) => SIGNS[sign] as string);
}

/** An entry's key: first author's last name, year, first word of the title; a hash where none of it has plain letters. */
function keyOf({ authors, year, title }: Paper): string {
  const letters = (word: string) => word.normalize("NFKD").replace(/[^A-Za-z0-9]/g, "");
  const first =
    authors
      .split(/,| and /)[0]
      ?.trim()
      .split(/\s+/)
      .at(-1) ?? "";
  const word =
    title
      .split(/\s+/)
      .map(letters)
      .find(({ length }) => length > 3) ?? "";
  const key = `${letters(first)}${year}${word}`.toLowerCase().slice(0, 60);
  if (/^[a-z]/.test(key)) return key;
  return `paper${createHash("sha256")
    .update(JSON.stringify([authors, year, title]))
    .digest("hex")
    .slice(0, 12)}`;
}

/** A paper as a BibTeX entry of type misc, since where it appeared is not known. */
function entryOf(paper: Paper, key: string, note: string): string {
  // The schema's authors are text, with commas or "and" between them; BibTeX wants "and".
  const authors = paper.authors.split(/\s*,\s*(?:and\s+)?|\s+and\s+/).filter((name) => name !== "");
  const fields: [string, string][] = [
    ["title", `{${bibtexText(paper.title)}}`],
    ["author", authors.map(bibtexText).join(" and ")],
    ["year", String(paper.year)],
    ...(paper.url === undefined ? [] : ([["url", bibtexText(paper.url)]] as [string, string][])),
    ["note", bibtexText(note)],
  ];
  return `@misc{${key},\n${fields.map(([name, value]) => `  ${name} = {${value}},\n`).join("")}}\n`;
}

/** The entry of a method's paper; null where none is named. */
export function bibtexEntry({ about, row }: MethodResult): string | null {
  if (about === null || about.paper === null) return null;
  return entryOf(about.paper, keyOf(about.paper), `Method on the leaderboard: ${row.method}`);
}

/** The papers of all methods of a site, each once, with the methods that it belongs to, by key. */
export function renderBibtex(site: Site): string {
  const papers = new Map<string, { paper: Paper; methods: Set<string> }>();
  for (const { results } of site.benchmarks) {
    for (const { row, about } of results) {
      const paper = about?.paper ?? null;
      if (paper === null) continue;
      const name = JSON.stringify([paper.title, paper.authors, paper.year]);
      const known = papers.get(name) ?? { paper, methods: new Set<string>() };
      papers.set(name, known);
      known.methods.add(row.method);
    }
  }
  const taken = new Map<string, number>();
  const entries = [...papers.values()].map(({ paper, methods }) => {
    const key = keyOf(paper);
    const before = taken.get(key) ?? 0;
    taken.set(key, before + 1);
    const own = before === 0 ? key : `${key}-${before + 1}`;
    return { own, text: entryOf(paper, own, `Methods on the leaderboard: ${[...methods].sort().join(", ")}`) };
  });
  return entries
    .sort((a, b) => (a.own < b.own ? -1 : 1))
    .map(({ text }) => text)
    .join("\n");
}
