import { HarnessError } from "../errors/harness-error.ts";

/** A positive integer from a flag. @throws NAS_USAGE */
export function parsePositive(text: string, flag: string, largest: number): number {
  const value = Number(text);
  if (/^\d{1,15}$/.test(text) && value >= 1 && value <= largest) return value;
  throw new HarnessError("NAS_USAGE", {
    what: `"${text}" is not allowed here`,
    where: flag,
    allowed: `an integer from 1 to ${largest}`,
    next: "correct the flag",
  });
}
