import { HarnessError } from "../errors/harness-error.ts";
import { Random } from "../random/random.ts";
import { hashOf } from "../random/seed.ts";
import { classRepresentatives } from "../space/classes.ts";
import { isReachable } from "../space/reachability.ts";
import { parsePositive } from "./number-flags.ts";

/**
 * Representatives of connected classes, drawn at random but always the same ones for the same purpose, in the order drawn.
 * @param text value of --classes
 * @param purpose what they are drawn for; another one draws others
 * @param fewest smallest number that is of use
 * @param tooFew what fewer of them can't do
 * @throws NAS_USAGE
 */
export function randomClasses(text: string, purpose: "pilot" | "cost", fewest: number, tooFew: string): number[] {
  const connected = classRepresentatives().filter(isReachable);
  const count = parsePositive(text, "--classes", connected.length);
  if (count < fewest) {
    throw new HarnessError("NAS_USAGE", {
      what: tooFew,
      where: "--classes",
      allowed: `an integer from ${fewest} to ${connected.length}`,
      next: "correct the flag",
    });
  }
  return new Random(hashOf([`nas-harness/${purpose}`])).shuffle(connected).slice(0, count);
}
