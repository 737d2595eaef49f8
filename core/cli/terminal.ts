import { writeSync } from "node:fs";
import { formatError, HarnessError, messageOf } from "../errors/harness-error.ts";

/** Writes all of a text; a pipe that was closed (`… | head`) is not an error. */
function writeAll(handle: 1 | 2, text: string): void {
  const bytes = Buffer.from(text, "utf8");
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(handle, bytes, at);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "EPIPE") return;
      if (code !== "EAGAIN") throw error;
    }
  }
}

/** Writes text to stdout as it is. */
export function write(text: string): void {
  writeAll(1, text);
}

/** Writes a line to stdout. */
export function print(text: string): void {
  writeAll(1, `${text}\n`);
}

/** Writes a remark to stderr, so that stdout holds results only. */
export function remark(text: string): void {
  writeAll(2, `${text}\n`);
}

/** Prints one JSON document to stdout. */
export function printJson(document: unknown): void {
  print(JSON.stringify(document, null, 2));
}

/** Any error as a HarnessError: what is none is a defect of the harness. */
export function asHarnessError(thrown: unknown): HarnessError {
  if (thrown instanceof HarnessError) return thrown;
  return new HarnessError("NAS_INTERNAL", {
    what: messageOf(thrown),
    next: "please report this with the command; NAS_HARNESS_DEBUG=1 prints the stack trace",
    cause: thrown,
  });
}

/** Reports an error: text on stderr and, with --json, the one document on stdout. Returns the exit code. */
export function reportError(thrown: unknown, json: boolean): number {
  const error = asHarnessError(thrown);
  remark(formatError(error));
  const root = error.details.cause ?? error;
  if (process.env.NAS_HARNESS_DEBUG === "1" && root instanceof Error) remark(root.stack ?? "");
  if (json) printJson({ error: error.toReport() });
  return error.exitCode;
}

/** Lays out rows as columns separated by two spaces; numbers (cells that start with a digit or sign) align right. */
export function columns(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, at) => {
      widths[at] = Math.max(widths[at] ?? 0, cell.length);
    });
  }
  const numeric = widths.map((_, at) => rows.slice(1).every((row) => /^([-+]?\d|$)/.test(row[at] ?? "")));
  return rows
    .map((row) =>
      row
        .map((cell, at) => (numeric[at] ? cell.padStart(widths[at] as number) : cell.padEnd(widths[at] as number)))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
