import { HarnessError, messageOf } from "../../core/errors/harness-error.ts";
import type { ExtraColumn } from "../../core/plugins/hooks.ts";
import type { ExtraColumnHead, LeaderboardRow, Section } from "./leaderboard.ts";
import { plainText } from "./text.ts";

function broken(what: string, column: string): HarnessError {
  return new HarnessError("NAS_HOOK", {
    what,
    where: `hook leaderboardColumns, column ${column}`,
    allowed: "a list of { name, title, cell(row) }, each name once, cell returning text or null",
    next: "correct the extension, or leave it out",
  });
}

/** Checks what extensions made of the hook `leaderboardColumns`. @throws NAS_HOOK */
export function checkExtraColumns(columns: unknown): readonly ExtraColumn[] {
  if (!Array.isArray(columns)) throw broken("the hook's result is no list: a tap returned something else", "–");
  const names = new Set<string>();
  for (const column of columns as (Partial<ExtraColumn> | null)[]) {
    const { name, title, cell } = column ?? {};
    const isColumn = typeof name === "string" && name !== "" && typeof title === "string" && typeof cell === "function";
    if (!isColumn) throw broken("this is no column", JSON.stringify(column) ?? String(column));
    if (names.has(name)) throw broken("there are two columns of this name", name);
    names.add(name);
  }
  return columns as ExtraColumn[];
}

/** The columns' heads, without the functions. */
export function headsOf(columns: readonly ExtraColumn[]): ExtraColumnHead[] {
  return columns.map(({ name, title }) => ({ name, title: plainText(title) }));
}

function cellOf(column: ExtraColumn, row: LeaderboardRow): string | null {
  let text: unknown;
  try {
    text = column.cell(Object.freeze({ method: row.method, protocol: row.protocol.id }));
  } catch (cause) {
    throw broken(`the column threw for ${row.method}: ${messageOf(cause)}`, column.name);
  }
  if (text === null) return null;
  if (typeof text !== "string") throw broken(`the column gave ${String(text)} for ${row.method}`, column.name);
  return plainText(text);
}

/** The section with the extension columns' texts in every row. @throws NAS_HOOK */
export function withExtraColumns(section: Section, columns: readonly ExtraColumn[]): Section {
  if (columns.length === 0) return section;
  const filled = (row: LeaderboardRow): LeaderboardRow => ({
    ...row,
    extra: Object.fromEntries(columns.map((column) => [column.name, cellOf(column, row)])),
  });
  const groups = section.groups.map((group) => ({
    ...group,
    row: filled(group.row),
    published: group.published.map(filled),
  }));
  return { ...section, groups };
}
