import { type ErrorDetails, HarnessError } from "../../errors/harness-error.ts";

/** The error for something in an official file that is not as it should be. */
export function officialFault(
  where: string,
  what: string,
  more: Omit<ErrorDetails, "what" | "where"> = {},
): HarnessError {
  return new HarnessError("NAS_OFFICIAL_FILE", {
    what,
    where,
    next: "get the file from its source again; if it is the genuine one, report this",
    ...more,
  });
}

/** Where in an official file something is, for errors; steps inwards give places of their own. */
export class OfficialPlace {
  readonly #parts: readonly string[];

  /** @param file the file, and the member of an archive if it is one */
  constructor(file: string, parts: readonly string[] = []) {
    this.#parts = parts.length > 0 ? parts : [file];
  }

  /** A place inside this one, such as `architecture 11` or `field seed`. */
  in(part: string): OfficialPlace {
    return new OfficialPlace("", [...this.#parts, part]);
  }

  /** The error for what is here. */
  fault(what: string, allowed?: string): HarnessError {
    return officialFault(this.#parts.join(", "), what, allowed === undefined ? {} : { allowed });
  }
}

const LONGEST_SHOWN = 100;

/** A value of a file for a message. */
export function shown(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.slice(0, LONGEST_SHOWN));
  if (value === null) return "None";
  if (typeof value === "object") return `a ${value.constructor.name.replace(/^Pickle/, "").toLowerCase()}`;
  return value === undefined ? "nothing" : String(value);
}
