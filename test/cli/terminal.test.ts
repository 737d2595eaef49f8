import { describe, expect, test } from "vitest";
import { formatDuration } from "../../core/cli/progress.ts";
import { asHarnessError, columns } from "../../core/cli/terminal.ts";
import { HarnessError } from "../../core/errors/harness-error.ts";

describe("an error that is none of the harness's own", () => {
  test("becomes NAS_INTERNAL with its message and asks for a report", () => {
    const error = asHarnessError(new TypeError("undefined is not iterable"));
    expect(error).toMatchObject({ code: "NAS_INTERNAL", exitCode: 1 });
    expect(error.details).toMatchObject({ what: "undefined is not iterable", next: expect.stringContaining("report") });
  });

  test("is left alone if it is one", () => {
    const own = new HarnessError("NAS_USAGE", { what: "no" });
    expect(asHarnessError(own)).toBe(own);
  });
});

test("columns align numbers right and text left, without trailing blanks", () => {
  const text = columns([
    ["method", "runs", ""],
    ["rs", "5", "a"],
    ["reinforce", "500", ""],
  ]);
  expect(text).toBe(["method     runs", "rs            5  a", "reinforce   500"].join("\n"));
});

test.each([
  [0, "0 s"],
  [59.4, "59 s"],
  [61, "1 min 01 s"],
  [3600, "1 h 00 min"],
  [90_000, "25 h 00 min"],
])("%d seconds read as %s", (seconds, text) => {
  expect(formatDuration(seconds)).toBe(text);
});
