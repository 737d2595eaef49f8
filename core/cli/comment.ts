import { statSync } from "node:fs";
import { reportedBoard } from "../../leaderboard/generator/reported-board.ts";
import { renderComment } from "../../leaderboard/generator/verification-comment.ts";
import { verification as validator } from "../../schemas/generated/validators.cjs";
import type { Verification } from "../../schemas/generated/verification.ts";
import { HarnessError } from "../errors/harness-error.ts";
import { checkDocument, parseJson, readFailure, readTextFile } from "../files/json-file.ts";
import type { CommentFlags } from "./commands/comment.ts";
import { print } from "./terminal.ts";

/** A report that is larger was not written by verify. */
const MOST_BYTES = 16 * 1024 * 1024;
const MOST_REPORTS = 20;

function sizeOf(file: string): number {
  try {
    return statSync(file).size;
  } catch (cause) {
    throw readFailure(file, cause);
  }
}

/** Reads a report that may come from anybody. @throws NAS_SCHEMA, NAS_JSON, NAS_FILE_NOT_FOUND */
function readReport(file: string): Verification[] {
  const isLarge = sizeOf(file) > MOST_BYTES;
  const document = isLarge ? null : parseJson(readTextFile(file), file);
  if (!Array.isArray(document) || document.length === 0 || document.length > MOST_REPORTS) {
    throw new HarnessError("NAS_SCHEMA", {
      what: isLarge ? `the file has more than ${MOST_BYTES} bytes` : "the file is no list of verifications",
      where: file,
      allowed: `a list of 1 to ${MOST_REPORTS} verifications, as nas-harness verify --report writes it`,
      next: "verify the submission again",
    });
  }
  return document.map((one, at) => checkDocument<Verification>(one, validator, `${file}, entry ${at + 1}`));
}

/** The action of `comment`. @throws NAS_SCHEMA, NAS_JSON, NAS_FILE_NOT_FOUND */
export function commentOn(report: string, flags: CommentFlags): void {
  const comments = readReport(report).map((verification) =>
    renderComment(verification, reportedBoard(verification, flags)),
  );
  print(comments.join("\n\n"));
}
