import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { makeStatement, statementFile, writeStatement } from "../../core/verify/statement.ts";
import { submissionSha256 } from "../../core/verify/subject.ts";
import { detailColumns } from "../../leaderboard/generator/detail-columns.ts";
import type { Section } from "../../leaderboard/generator/leaderboard.ts";
import { standingText } from "../../leaderboard/generator/standing.ts";
import type { Verification } from "../../schemas/generated/verification.ts";
import { GitRepository } from "../helpers/git-repository.ts";
import { harnessErrorOf } from "../helpers/harness-error-of.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";
import { exampleSubmission, exampleSummary, exampleVerification } from "../verify/example-submission.ts";
import { collect, groupOf, sectionsOf } from "./collected-board.ts";

const METHOD = "hill-climbing";
const URL = "https://github.com/example/shapes/actions/runs/7";

let root: string;
let submissions: string;
let verifications: string;
let folder: string;

beforeEach(() => {
  root = temporaryFolder();
  [submissions, verifications] = [path.join(root, "submissions"), path.join(root, "verifications")];
  folder = path.join(submissions, METHOD, "1.0.0");
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, "submission.json"), JSON.stringify(exampleSubmission()));
  writeFileSync(path.join(folder, "summary.json"), JSON.stringify(exampleSummary()));
});

/** Stores what a verification of the submission's files found. */
function verified(changes: Partial<Verification> = {}, url: string | null = URL): void {
  const verification = { ...exampleVerification(), sha256: submissionSha256(folder), ...changes };
  writeStatement(statementFile(verifications, METHOD, "1.0.0"), makeStatement(verification, url));
}

/** Makes everything a clone of the project, with main as it is now. */
function recordOnMain(): void {
  const clone = new GitRepository(root);
  clone.commit();
  clone.git("remote", "add", "origin", "https://github.com/example/shapes.git");
  clone.git("update-ref", "refs/remotes/origin/main", "HEAD");
}

const collected = () => collect({ submitted: { submissions, verifications } });
const section = () => sectionsOf(collected().board, "re-run")[0] as Section;
const standing = () => groupOf(section(), METHOD).row.standing;
const titles = (of: Section) => detailColumns(of).map(({ title }) => title);

describe("where a submitted row stands", () => {
  test("without a statement it is claimed", () => {
    expect(standing()).toEqual({ kind: "claimed", url: null, fresh: null });
    expect(standingText(groupOf(section(), METHOD).row)).toBe("claimed");
  });

  test("with one of continuous integration it is verified, with its address and the mean under fresh seeds", () => {
    verified();
    recordOnMain();
    const fresh = { "shapes.valid": { mean: 91.5, runs: 100 }, "shapes.test": { mean: 94, runs: 100 } };
    expect(standing()).toEqual({ kind: "verified", url: URL, fresh });
    const { row } = groupOf(section(), METHOD);
    const cells = detailColumns(section()).map(({ title, text }) => [title, text(row)]);
    expect(cells).toContainEqual(["Standing", "verified"]);
    expect(cells).toContainEqual(["Fresh seeds", "94.00"]);
    expect(collected().remarks).toEqual([]);
  });

  test.each([
    ["is nobody's: it lies in no clone", () => verified()],
    [
      "somebody wrote into a clone",
      () => {
        recordOnMain();
        verified();
      },
    ],
    [
      "somebody changed in a clone",
      () => {
        verified({ isolation: "process" });
        recordOnMain();
        verified();
      },
    ],
    [
      "another repository's run wrote",
      () => {
        verified({}, "https://github.com/example/fork/actions/runs/7");
        recordOnMain();
      },
    ],
  ])("with one of an address of a run that %s, it is verified here, and a remark says why", (_, write) => {
    write();
    const { board, remarks } = collected();
    const { row } = groupOf(sectionsOf(board, "re-run")[0], METHOD);
    expect(row.standing).toMatchObject({ kind: "checked", url: null });
    const file = statementFile(verifications, METHOD, "1.0.0");
    expect(remarks).toEqual([expect.stringMatching(/: names a run of .*, but main .* git fetch, or .* --remote$/)]);
    expect(remarks[0]).toContain(file);
  });

  test.each<[string, Partial<Verification>, string | null, string]>([
    ["made on this machine", {}, null, "verified here"],
    ["made without a box", { isolation: "process" }, URL, "verified here"],
    ["that failed", { outcome: "failed" }, URL, "not verified"],
    ["that failed here", { outcome: "failed" }, null, "not verified"],
    ["about other files", { sha256: "0".repeat(64) }, URL, "claimed"],
    ["about other files, that failed", { sha256: "0".repeat(64), outcome: "failed" }, URL, "claimed"],
  ])("with one %s it says so", (_, changes, url, text) => {
    verified(changes, url);
    recordOnMain();
    expect(standingText(groupOf(section(), METHOD).row)).toBe(text);
  });

  test("that verification failed is said whoever says so, without an address that nobody vouches for", () => {
    verified({ outcome: "failed" });
    expect(standing()).toMatchObject({ kind: "refuted", url: null });
    recordOnMain();
    expect(standing()).toMatchObject({ kind: "refuted", url: URL });
  });

  test("a file that changed afterwards makes it claimed again", () => {
    verified();
    recordOnMain();
    writeFileSync(path.join(folder, "runs.jsonl"), "");
    expect(standing()?.kind).toBe("claimed");
  });

  test("a statement that is none is named", () => {
    const file = statementFile(verifications, METHOD, "1.0.0");
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, "{}");
    const error = harnessErrorOf(section);
    expect([error.code, error.details.where]).toEqual(["NAS_SCHEMA", expect.stringContaining(file)]);
  });
});

/** Results of the same method on this machine. */
function runHere(changes: object = {}): string {
  const results = temporaryFolder();
  const own = path.join(results, "shapes-one-hour", METHOD);
  mkdirSync(own, { recursive: true });
  const summary = exampleSummary();
  const rows = summary.rows.map((row) => ({ ...row, ...changes }));
  writeFileSync(path.join(own, "summary.json"), JSON.stringify({ ...summary, rows }));
  return results;
}

describe("rows that were run here", () => {
  test("have no columns of submissions where nothing was submitted", () => {
    const [only] = sectionsOf(collect({ results: [runHere()] }).board, "re-run");
    expect(titles(only as Section)).not.toContain("Standing");
    expect(titles(only as Section)).not.toContain("Fresh seeds");
    const [runs, ...others] = titles(only as Section);
    // Fresh seeds are of verifications.
    expect(titles(section())).toEqual([runs, "Standing", ...others]);
    verified();
    expect(titles(section())).toEqual([runs, "Standing", "Fresh seeds", ...others]);
  });

  test("are one row with the same results that were submitted, and the better standing counts", () => {
    const columns = { "shapes.valid": null, "shapes.test": { mean: 90, std: 1, low: 89, high: 91 } };
    const sources = { results: [runHere({ columns })], submitted: { submissions, verifications } };
    const row = () => {
      const [only] = sectionsOf(collect(sources).board, "re-run");
      expect(only?.groups.filter((group) => group.row.method === METHOD)).toHaveLength(1);
      return groupOf(only, METHOD).row;
    };
    // What is claimed does not hide what was run.
    expect([row().standing?.kind, row().accuracies["shapes.test"]?.mean]).toEqual(["local", 90]);
    verified();
    recordOnMain();
    expect([row().standing?.kind, row().accuracies["shapes.test"]?.mean]).toEqual(["verified", 94]);
  });
});
