import { existsSync } from "node:fs";
import path from "node:path";
import { HarnessError } from "../errors/harness-error.ts";
import { parseJson, readBytes, readTextFile } from "../files/json-file.ts";
import { sha256Of } from "./idx-file.ts";

/** Name of the file with the SHA-256 of the files beside it, by name, in hexadecimal. `dataset fetch` writes it. */
export const CHECKSUMS_NAME = "checksums.json";

/**
 * The checksums that were recorded in a folder, by file name; none where nothing was recorded.
 * @throws NAS_JSON, NAS_IMAGES if the file is no list of checksums
 */
export function readChecksums(folder: string): Record<string, string> {
  const file = path.join(folder, CHECKSUMS_NAME);
  if (!existsSync(file)) return {};
  const document = parseJson(readTextFile(file), file);
  const isList =
    typeof document === "object" &&
    document !== null &&
    Object.values(document).every((value) => typeof value === "string" && /^[0-9a-f]{64}$/.test(value));
  if (isList) return document as Record<string, string>;
  throw new HarnessError("NAS_IMAGES", {
    what: "this is no list of checksums",
    where: file,
    allowed: "by file name, SHA-256 in 64 hexadecimal digits",
    next: "delete it and run nas-harness dataset fetch again, which checks the files and records them anew",
  });
}

/**
 * Reads a file whose SHA-256 was recorded beside it when it was fetched. A file that was never recorded is refused: nothing
 * tells whether it is the right one.
 * @param next what to do if it is not there; for the error
 * @throws NAS_IMAGES if it is missing, was not recorded or was changed; NAS_JSON, NAS_FILE_UNREADABLE
 */
export function readRecordedFile(folder: string, name: string, next: string): Uint8Array {
  const file = path.join(folder, name);
  // `doctor` knows a dataset that was never fetched by these words.
  if (!existsSync(file)) throw new HarnessError("NAS_IMAGES", { what: `there is no ${name}`, where: folder, next });
  const expected = readChecksums(folder)[name];
  if (expected === undefined)
    throw new HarnessError("NAS_IMAGES", {
      what: `the file was not checked yet: ${CHECKSUMS_NAME} beside it does not name it`,
      where: file,
      next,
    });
  const bytes = readBytes(file);
  const actual = sha256Of(bytes);
  if (actual === expected) return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  throw new HarnessError("NAS_IMAGES", {
    what: `the file was changed since it was fetched: its SHA-256 is ${actual}`,
    where: file,
    allowed: expected,
    next: `delete it, then: ${next}`,
  });
}
