import { type ErrorCode, exitCodeOf } from "./catalogue.ts";

/** What an error says besides its code. Every part is one or a few plain sentences. */
export interface ErrorDetails {
  /** What was wrong, with the offending value. */
  readonly what: string;
  /** Where: plugin, file, field, line, or a picture with a caret. */
  readonly where?: string;
  /** What would have been allowed. */
  readonly allowed?: string;
  /** What to do next, a command where there is one. */
  readonly next?: string;
  /** The error that led to this one; printed only with NAS_HARNESS_DEBUG=1. */
  readonly cause?: unknown;
}

/** An error as plain data, for records, IPC messages and `--json`. */
export interface ErrorReport {
  readonly code: ErrorCode;
  readonly what: string;
  readonly where?: string;
  readonly allowed?: string;
  readonly next?: string;
}

/** The only error class that the harness throws on purpose: a stable code plus what, where, allowed, next. */
export class HarnessError extends Error {
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, details: ErrorDetails) {
    super(`${code}: ${details.what}`, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = "HarnessError";
    this.code = code;
    this.details = details;
  }

  /** The exit code that a command ends with when this error reaches it (see the catalogue). */
  get exitCode(): number {
    return exitCodeOf(this.code);
  }

  /** The error as plain data. */
  toReport(): ErrorReport {
    const { what, where, allowed, next } = this.details;
    return {
      code: this.code,
      what,
      ...(where === undefined ? {} : { where }),
      ...(allowed === undefined ? {} : { allowed }),
      ...(next === undefined ? {} : { next }),
    };
  }

  /** Rebuilds an error that crossed a process border. */
  static fromReport(report: ErrorReport): HarnessError {
    const { code, ...details } = report;
    return new HarnessError(code, details);
  }
}

/** The text a person reads: code and what on the first line, then where, allowed and next, indented. */
export function formatError(error: HarnessError): string {
  const lines = [`${error.code}: ${error.details.what}`];
  for (const [label, text] of [
    ["where", error.details.where],
    ["allowed", error.details.allowed],
    ["next", error.details.next],
  ] as const) {
    if (text === undefined) continue;
    const [first, ...rest] = text.split("\n");
    lines.push(`  ${`${label}:`.padEnd(9)}${first}`, ...rest.map((line) => `           ${line}`));
  }
  return lines.join("\n");
}

const LONGEST_MESSAGE = 2000;

/**
 * The message of anything that was thrown, without assuming that it is an Error or can be shown at all. Always well-formed
 * Unicode of bounded length, so that it can be stored.
 */
export function messageOf(thrown: unknown): string {
  try {
    const text = String(thrown instanceof Error ? thrown.message : thrown).toWellFormed();
    return text.length > LONGEST_MESSAGE ? `${text.slice(0, LONGEST_MESSAGE)}...`.toWellFormed() : text;
  } catch {
    return `something that can't be shown (${typeof thrown})`;
  }
}
