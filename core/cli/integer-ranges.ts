import { HarnessError } from "../errors/harness-error.ts";
import type { IntegerRange } from "../exporters/selection.ts";

const RANGE = /^(\d{1,9})(?:-(\d{1,9}))?$/;

/** The words of a list that is separated by commas. @throws NAS_USAGE for an empty list or word */
export function parseWords(text: string, flag: string): string[] {
  const words = text.split(",").map((word) => word.trim());
  if (words.every((word) => word !== "")) return words;
  throw new HarnessError("NAS_USAGE", {
    what: `"${text}" is no list`,
    where: flag,
    allowed: "names separated by commas",
    next: "correct the flag",
  });
}

/**
 * Integers and ranges of a list such as `1-12,200`.
 * @param smallest and `largest` bound them
 * @param other reads a word that is no integer and no range, and gives null where it can't either
 * @param also what `other` reads, in words
 * @throws NAS_USAGE
 */
export function parseRanges(
  text: string,
  flag: string,
  [smallest, largest]: readonly [number, number],
  other: (word: string) => number | null = () => null,
  also = "",
): IntegerRange[] {
  return parseWords(text, flag).map((word) => {
    const [, start, end] = RANGE.exec(word) ?? [];
    const own = start === undefined ? other(word) : null;
    const first = own ?? Number(start);
    const last = own ?? Number(end ?? start);
    if (first >= smallest && first <= last && last <= largest) return { first, last };
    throw new HarnessError("NAS_USAGE", {
      what: `"${word}" is not allowed here`,
      where: flag,
      allowed: `integers from ${smallest} to ${largest} and ranges of them, separated by commas, e.g. 1-12,200${also}`,
      next: "correct the flag",
    });
  });
}
