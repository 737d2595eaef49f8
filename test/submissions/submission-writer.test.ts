import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { findSubmissions, submissionFolders } from "../../core/submissions/submission-file.ts";
import { writeSubmission } from "../../core/submissions/submission-writer.ts";
import { harnessErrorOf } from "../helpers/harness-error-of.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";
import { exampleSubmission } from "../verify/example-submission.ts";

const files = (text: string) =>
  new Map([
    ["submission.json", text],
    ["plugin/lib/a.ts", "a"],
  ]);

function* interrupted(): Generator<Buffer> {
  yield Buffer.from("half");
  throw new RangeError("interrupted");
}

test("a submission is written with all its folders, and nothing is left beside it", () => {
  const root = path.join(temporaryFolder(), "submissions");
  writeSubmission(path.join(root, "climber/1.0.0"), files("{}"), false);
  expect(readFileSync(path.join(root, "climber/1.0.0/plugin/lib/a.ts"), "utf8")).toBe("a");
  expect(readdirSync(path.join(root, "climber"))).toEqual(["1.0.0"]);
});

test("one that is there stays unless it is to be replaced, and then nothing of it is left", () => {
  const folder = path.join(temporaryFolder(), "climber/1.0.0");
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, "old"), "");
  const error = harnessErrorOf(() => writeSubmission(folder, files("{}"), false));
  expect([error.code, error.details.where]).toEqual(["NAS_OUTPUT_EXISTS", folder]);
  expect(error.details.next).toContain("--overwrite");
  expect(readdirSync(folder)).toEqual(["old"]);
  writeSubmission(folder, files("{}"), true);
  expect(readdirSync(folder).sort()).toEqual(["plugin", "submission.json"]);
});

test("one that can't be written whole is not written at all, and the one before it stays", () => {
  const folder = path.join(temporaryFolder(), "climber/1.0.0");
  writeSubmission(folder, files("before"), false);
  const half = new Map([...files("after"), ["runs.jsonl", interrupted()]] as never);
  const error = harnessErrorOf(() => writeSubmission(folder, half as never, true));
  expect(error.code).toBe("NAS_WRITE_FAILED");
  expect(readFileSync(path.join(folder, "submission.json"), "utf8")).toBe("before");
  expect(readdirSync(path.dirname(folder))).toEqual(["1.0.0"]);
});

test("submissions are found in order, and folders that are none are passed over", () => {
  const root = temporaryFolder();
  expect(submissionFolders(path.join(root, "gone"))).toEqual([]);
  const text = JSON.stringify(exampleSubmission());
  for (const place of ["b/1.0.0", "a/2.0.0", "a/1.0.0"]) writeSubmission(path.join(root, place), files(text), false);
  mkdirSync(path.join(root, "c/1.0.0"), { recursive: true });
  mkdirSync(path.join(root, ".hidden/1.0.0"), { recursive: true });
  writeFileSync(path.join(root, ".hidden/1.0.0/submission.json"), text);
  writeFileSync(path.join(root, "README.md"), "");
  expect(findSubmissions(root).map(({ folder }) => path.relative(root, folder))).toEqual([
    "a/1.0.0",
    "a/2.0.0",
    "b/1.0.0",
  ]);
  writeFileSync(path.join(root, "c/1.0.0/submission.json"), '{"kind": "dataset"}');
  const error = harnessErrorOf(() => findSubmissions(root));
  expect([error.code, error.details.where]).toEqual([
    "NAS_SCHEMA",
    expect.stringContaining(path.join(root, "c/1.0.0/submission.json")),
  ]);
  // Of the two kinds only the one that it is of is explained.
  expect(error.details.where).toContain("dataset");
  expect(error.details.where).not.toContain("failedRuns");
  expect(existsSync(root)).toBe(true);
});
