import { groupedNumber, NOTHING } from "../../../leaderboard/generator/figures.ts";
import { escapeMarkdown, plainText } from "../../../leaderboard/generator/text.ts";

/** A number with fixed digits, or a dash where there is none; never a negative zero. */
export function fixed(value: number | null, digits = 2): string {
  if (value === null) return NOTHING;
  const text = groupedNumber(value, digits);
  return /^-[0.,]*$/.test(text) ? text.slice(1) : text;
}

/** A share as a percentage: `12.3 %`. */
export function percentage(share: number | null, digits = 1): string {
  return share === null ? NOTHING : `${fixed(100 * share, digits)} %`;
}

/** `1 class`, `3 classes`, `6,466 classes`. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${fixed(count, 0)} ${count === 1 ? noun : plural}`;
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(parts: readonly string[]): string {
  const last = parts.at(-1) ?? "";
  return parts.length < 2 ? last : `${parts.slice(0, -1).join(", ")} and ${last}`;
}

/** Text of others, without any markup. */
export function escaped(text: string): string {
  return escapeMarkdown(plainText(text));
}

/** A name as code; what is inside is shown as it is, also in a cell of a table. */
export function code(text: string): string {
  return `\`${plainText(text).replaceAll("`", "'").replaceAll("|", "\\|")}\``;
}

/** A cell string as code, outside of tables. */
export function cellCode(text: string): string {
  return `\`${text}\``;
}

/**
 * Lines of a table.
 * @param textColumns how many columns from the left hold text; the others are aligned right
 */
export function table(head: readonly string[], rows: readonly (readonly string[])[], textColumns = 1): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const rule = head.map((_, at) => (at < textColumns ? "---" : "---:"));
  return [line(head), line(rule), ...rows.map(line), ""];
}

/** Paragraphs, each followed by an empty line; empty ones are left out. */
export function paragraphs(...texts: readonly string[]): string[] {
  return texts.filter((text) => text !== "").flatMap((text) => [text, ""]);
}

/** A list, followed by an empty line; nothing if it is empty. */
export function bullets(texts: readonly string[]): string[] {
  return texts.length === 0 ? [] : [...texts.map((text) => `- ${text}`), ""];
}
