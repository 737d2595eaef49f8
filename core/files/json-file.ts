import { readFileSync } from "node:fs";
import type { Validator } from "../../schemas/generated/validators.cjs";
import { HarnessError, messageOf } from "../errors/harness-error.ts";
import { jsonFaultPosition } from "./json-position.ts";
import { explainFaults } from "./schema-faults.ts";

/**
 * Reads a text file as UTF-8.
 * @throws NAS_FILE_NOT_FOUND, NAS_FILE_UNREADABLE
 */
export function readTextFile(file: string, next = "check the path"): string {
  return readBytes(file, next).toString("utf8");
}

/**
 * Reads a file whole.
 * @throws NAS_FILE_NOT_FOUND, NAS_FILE_UNREADABLE
 */
export function readBytes(file: string, next = "check the path"): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw readFailure(file, cause, next);
  }
}

/** The error for a read that failed, NAS_FILE_NOT_FOUND or NAS_FILE_UNREADABLE. */
export function readFailure(file: string, cause: unknown, next = "check the path"): HarnessError {
  const missing = ["ENOENT", "ENOTDIR"].includes((cause as NodeJS.ErrnoException).code ?? "");
  return new HarnessError(missing ? "NAS_FILE_NOT_FOUND" : "NAS_FILE_UNREADABLE", {
    what: missing ? "there is no such file" : `the file can't be read: ${messageOf(cause)}`,
    where: file,
    next,
    cause,
  });
}

/**
 * Parses JSON text; the error names the file, line and column.
 * @throws NAS_JSON
 */
export function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const { line, column } = jsonFaultPosition(text);
    // V8 adds a position or an excerpt to some of its messages; line and column say it for all.
    const reason = messageOf(cause).replace(/( in JSON at position | at position |, "|, \.\.\.).*$/s, "");
    throw new HarnessError("NAS_JSON", {
      what: `the file is not valid JSON: ${reason}`,
      where: `${file}:${line}:${column}`,
      allowed: "JSON without comments or trailing commas",
      next: "correct the file",
      cause,
    });
  }
}

/**
 * Checks a document against its schema; the type parameter is the schema's generated type.
 * @throws NAS_SCHEMA (or the given code), listing every fault at once
 */
export function checkDocument<T>(
  document: unknown,
  validator: Validator,
  file: string,
  code: "NAS_SCHEMA" | "NAS_PLUGIN_MANIFEST" | "NAS_RECORD_CORRUPT" | "NAS_TABLE_CORRUPT" = "NAS_SCHEMA",
): T {
  if (validator(document)) return document as T;
  const faults = explainFaults(validator.errors ?? []);
  throw new HarnessError(code, {
    what: faults.length === 1 ? "the document has 1 fault" : `the document has ${faults.length} faults`,
    where: [file, ...faults.map((fault) => `- ${fault}`)].join("\n"),
    next: "correct all of them; the schemas and valid examples are in schemas/",
  });
}

/**
 * Reads, parses and checks a JSON file.
 * @throws NAS_FILE_NOT_FOUND, NAS_FILE_UNREADABLE, NAS_JSON, NAS_SCHEMA (or the given code)
 */
export function readDocument<T>(file: string, validator: Validator, code?: Parameters<typeof checkDocument>[3]): T {
  return checkDocument<T>(parseJson(readTextFile(file), file), validator, file, code);
}
