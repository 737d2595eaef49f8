/** A line as a pattern: blanks count as one, and `…` stands for anything. */
function patternOf(line: string): RegExp {
  const parts = line.split("…").map((part) => part.replaceAll(/\s+/g, " ").replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`);
}

/**
 * What of an excerpt that a guide shows was not printed: its lines must be there in this order, others may lie between them.
 * `…` in a line stands for anything; blank lines say nothing.
 */
export function excerptFaults(excerpt: string, printed: string): string[] {
  const lines = printed.split("\n").map((line) => line.trim().replaceAll(/\s+/g, " "));
  let at = 0;
  for (const wanted of excerpt.split("\n").map((line) => line.trim())) {
    if (wanted === "") continue;
    const pattern = patternOf(wanted);
    const found = lines.findIndex((line, index) => index >= at && pattern.test(line));
    if (found < 0) return [`"${wanted}" was not printed there, but:\n${lines.slice(at).join("\n")}`];
    at = found + 1;
  }
  return [];
}
