import { HarnessError } from "../errors/harness-error.ts";

/** A lock of megabytes may have a fault in every line; nobody reads more than these. */
const MOST_FAULTS = 100;
const LONGEST_VALUE = 80;

/** How a lock file of either kind is made again. */
const NEXT = {
  "requirements.txt": "correct all of them; pip-compile --generate-hashes (of pip-tools) writes such a file",
  "package-lock.json": "correct all of them; npm install --package-lock-only --ignore-scripts writes such a file",
} as const;

/** Names that a lock file may have. */
export type LockName = keyof typeof NEXT;

/** A value out of a lock file as a fault shows it, whatever it is: one line of bounded length, without control characters. */
export function quoted(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object" && value !== null) return "an object";
  if (typeof value !== "string") return String(value);
  const cut = value.length > LONGEST_VALUE ? `${value.slice(0, LONGEST_VALUE)}...` : value;
  return JSON.stringify(cut.toWellFormed().replace(/\p{C}|\p{Zl}|\p{Zp}/gu, "\u{fffd}"));
}

/** The error for a lock file with these faults, the first hundred of them named. */
export function lockError(file: string, name: LockName, faults: readonly string[]): HarnessError {
  const named = faults.slice(0, MOST_FAULTS);
  const rest = faults.length > named.length ? [`- and ${faults.length - named.length} more`] : [];
  return new HarnessError("NAS_LOCK_FILE", {
    what: `${name} has ${faults.length === 1 ? "1 fault" : `${faults.length} faults`}`,
    where: [file, ...named.map((fault) => `- ${fault}`), ...rest].join("\n"),
    allowed: "packages of a registry, each with its exact version and its SHA-256 or a longer hash (docs/isolation.md)",
    next: NEXT[name],
  });
}
