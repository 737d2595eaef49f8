import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { commentOn } from "../../core/cli/comment.ts";
import { reportedBoard } from "../../leaderboard/generator/reported-board.ts";
import { renderComment } from "../../leaderboard/generator/verification-comment.ts";
import type { SummaryRow } from "../../schemas/generated/run-summary.ts";
import type { Verification } from "../../schemas/generated/verification.ts";
import { runCommandLine } from "../helpers/command-line.ts";
import { harnessErrorOf } from "../helpers/harness-error-of.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";
import { exampleSubmission, exampleSummary, exampleVerification } from "../verify/example-submission.ts";

/** A folder of submissions with one of another method, 0.5 worse. */
function sources() {
  const root = temporaryFolder();
  const submissions = path.join(root, "submissions");
  const folder = path.join(submissions, "walking/1.0.0");
  mkdirSync(folder, { recursive: true });
  const submission = exampleSubmission();
  const method = { id: "walking", version: "1.0.0", title: "Walking" };
  writeFileSync(path.join(folder, "submission.json"), JSON.stringify({ ...submission, method }));
  const summary = exampleSummary();
  const rows = summary.rows.map((row) => ({
    ...row,
    ...{ method: "walking", title: "Walking", recordsDigest: "0".repeat(64) },
    columns: { ...row.columns, "shapes.test": { mean: 93.5, std: 1, low: 93.4, high: 93.6 } },
  }));
  writeFileSync(path.join(folder, "summary.json"), JSON.stringify({ ...summary, rows }));
  return { submissions, verifications: path.join(root, "verifications") };
}

const comment = (verification: Verification) => renderComment(verification, reportedBoard(verification, sources()));

function withRows(change: (rows: SummaryRow[]) => SummaryRow[]): Verification {
  const summary = exampleSummary();
  return { ...exampleVerification(), summary: { ...summary, rows: change(summary.rows) } };
}

describe("the comment on a verification", () => {
  test("has verdict, rank, intervals, differences and all checks", () => {
    const lines = comment(exampleVerification()).split("\n");
    expect(lines[0]).toBe("## hill-climbing 1.0.0 passes verification");
    expect(lines[2]).toBe("Submission 1f3870be274f, on 3f786850e387, in a box.");
    expect(lines).toContain(
      "Rank 1 by shapes.test: 1 plus the number of rows whose whole interval lies above; the leaderboard ranks by tests of the single runs. Δ: this row minus the other, in percentage points.",
    );
    expect(lines).toContain("Under fresh seeds: 94.00 over 100 runs.");
    const rows = lines.filter((line) => line.startsWith("| "));
    expect(rows.some((line) => /\*\*Hill climbing\*\*.*94\.00.*\| {2}\|$/.test(line))).toBe(true);
    expect(rows.some((line) => /Walking.*93\.50.*\+0\.50 \|$/.test(line))).toBe(true);
    expect(lines).toContain("- ✓ **schema** (passed): the documents are whole");
    expect(lines).toContain("- – **relabelling** (skipped): the method is as good under other names");
    expect(lines).toContain("  - the method declares priors");
  });

  test("says that what ran without a box does not count, and what failed", () => {
    const text = comment({ ...exampleVerification(), isolation: "process", outcome: "failed", base: null });
    expect(text).toContain("does not pass verification");
    expect(text).toContain("without a base commit, without a box: this does not count.");
  });

  test("shows no rows of others that the report brings along", () => {
    const forged = withRows((rows) => [
      ...rows,
      { ...(rows[0] as SummaryRow), method: "walking", title: "Forged", recordsDigest: "1".repeat(64) },
    ]);
    expect(comment(forged)).not.toContain("Forged");
    expect(comment(forged)).toContain("Walking");
  });

  test("of a submission that is here already shows it once, as the report has it", () => {
    const own = { ...exampleVerification(), name: "walking" };
    const verification = {
      ...own,
      summary: { ...exampleSummary(), rows: exampleSummary().rows.map((row) => ({ ...row, method: "walking" })) },
    };
    expect(comment(verification).match(/\*\*Hill climbing\*\*/g)).toHaveLength(1);
    expect(comment(verification)).not.toContain("Walking");
  });
});

const HOSTILE = [
  "<img src=x onerror=alert(1)>",
  "</td><script>alert(1)</script>",
  "@everyone and @org/team",
  "fixes #1, owner/repo#2, GH-3",
  "[a](https://example.org) ![b](//example.org/x.png) https://example.org www.example.org WWW.example.org",
  "a | b | c\n| d |\n\n# heading\n- [ ] task",
  "**bold** `code` ~~gone~~ $math$ &lt;b&gt; &#60;b&#62;",
  "\u202Egpj.exe\u2066 \u200B\u0000\u001b[31m",
  "mailto:a@example.org xmpp:a@example.org",
  "<!-- hidden --> <details>",
];

describe("text of others in a comment", () => {
  const everywhere = HOSTILE.map((text): Verification => {
    const verification = withRows((rows) => rows.map((row) => ({ ...row, title: text })));
    const checks = [{ name: "schema", title: text, outcome: "failed" as const, reasons: [text] }];
    return { ...verification, outcome: "failed", checks };
  });

  test.each(everywhere)("is text only: $checks.0.title", (verification) => {
    const text = comment(verification);
    expect(text).not.toMatch(/<(?!br>)[a-z/!]/i);
    expect(text).not.toMatch(/@[a-z]/i);
    expect(text).not.toMatch(/(?<!\n|#|# )#\d/);
    expect(text).not.toMatch(/GH-\d/i);
    expect(text).not.toMatch(/:\/\/|www\.|mailto:|xmpp:/i);
    expect(text).not.toMatch(/(?<!\\)\]\(/);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that there are none is what is tested.
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202a-\u202e\u2066-\u2069]/);
    expect(text.split("\n").filter((line) => /^#+ /.test(line))).toHaveLength(3);
    // As many cells as ever.
    const cells = text.split("\n").filter((line) => line.startsWith("| "));
    expect(new Set(cells.map((line) => line.match(/(?<!\\)\|/g)?.length)).size).toBe(1);
  });

  test("is shortened where it would be too long for a comment", () => {
    const reasons = Array.from({ length: 100 }, () => "😀".repeat(2500));
    const checks = [{ name: "schema", title: "whole", outcome: "failed" as const, reasons }];
    const text = comment({ ...exampleVerification(), checks });
    expect(text.length).toBeLessThan(60_100);
    expect(text.isWellFormed()).toBe(true);
    expect(text.endsWith("\n\n(shortened)\n")).toBe(true);
  });
});

describe("a report that no harness wrote", () => {
  const read = (text: string) => {
    const file = path.join(temporaryFolder(), "report.json");
    writeFileSync(file, text);
    return harnessErrorOf(() => commentOn(file, sources()));
  };
  const valid = exampleVerification();

  test.each<[string, string, string, RegExp]>([
    ["empty", "", "NAS_JSON", /valid JSON/],
    ["no list", "{}", "NAS_SCHEMA", /no list of verifications/],
    ["an empty list", "[]", "NAS_SCHEMA", /no list of verifications/],
    [
      "too long a list",
      JSON.stringify(Array.from({ length: 21 }, () => valid)),
      "NAS_SCHEMA",
      /no list of verifications/,
    ],
    ["null", "[null]", "NAS_SCHEMA", /1 fault/],
    ["a field more", JSON.stringify([{ ...valid, html: "<b>" }]), "NAS_SCHEMA", /1 fault/],
    ["a name with markup", JSON.stringify([{ ...valid, name: "<b>" }]), "NAS_SCHEMA", /1 fault/],
    ["its prototype", '[{"__proto__": {"name": "x"}}]', "NAS_SCHEMA", /faults/],
    ["too large", `[${" ".repeat(16 * 1024 * 1024)}]`, "NAS_SCHEMA", /has more than 16777216 bytes/],
  ])("is refused: %s", (_, text, code, what) => {
    const error = read(text);
    expect(error.code).toBe(code);
    expect(error.details.what).toMatch(what);
    expect(error.details.where).toContain("report.json");
  });

  test("that is not there is named", () => {
    const file = path.join(temporaryFolder(), "gone.json");
    expect(harnessErrorOf(() => commentOn(file, sources())).code).toBe("NAS_FILE_NOT_FOUND");
  });

  test("one that it wrote is printed by the command", async () => {
    const file = path.join(temporaryFolder(), "report.json");
    writeFileSync(file, JSON.stringify([valid]));
    const { submissions, verifications } = sources();
    const words = ["comment", file, "--submissions", submissions, "--verifications", verifications];
    const { exitCode, stdout, stderr } = await runCommandLine(words);
    expect([exitCode, stderr]).toEqual([0, ""]);
    expect(stdout).toContain("## hill-climbing 1.0.0 passes verification");
  });
});
