const EXAMPLES = 3;

/** Odd things of one kind that a reader met in its files. */
export interface Finding {
  /** What is odd, and what was done with it, in words. */
  readonly what: string;
  /** How often it was met. */
  readonly count: number;
  /** Where, for the first ones. */
  readonly examples: readonly string[];
}

/** Counts the odd things that a reader meets, so that an import can report them instead of repairing them. */
export class Findings {
  readonly #found = new Map<string, { count: number; examples: string[] }>();

  /** Notes one thing: `what` names its kind, `place` where it is. */
  add(what: string, place: string): void {
    const entry = this.#found.get(what) ?? { count: 0, examples: [] };
    entry.count++;
    if (entry.examples.length < EXAMPLES) entry.examples.push(place);
    this.#found.set(what, entry);
  }

  /** All kinds in the order in which they were first met. */
  list(): Finding[] {
    return [...this.#found].map(([what, { count, examples }]) => ({ what, count, examples }));
  }
}

/** One line for a finding: `12 x <what>, for example at <place>`. */
export function formatFinding({ what, count, examples }: Finding): string {
  return `${count} x ${what}; for example ${examples.join("; ")}`;
}
