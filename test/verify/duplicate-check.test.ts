import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { formatSubmittedRun } from "../../core/submissions/submitted-run.ts";
import { comparableSubmissions, copyFaults } from "../../core/verify/duplicate-check.ts";
import type { OtherSubmission } from "../../core/verify/replayed-runs.ts";
import type { AlgorithmSubmission } from "../../schemas/generated/submission.ts";
import type { SubmittedRun } from "../../schemas/generated/submitted-run.ts";
import { sharedTemporaryFolder } from "../helpers/temporary-folder.ts";
import { exampleRun, exampleSubmission } from "./example-submission.ts";

function named(id: string, changes: Partial<AlgorithmSubmission> = {}): AlgorithmSubmission {
  const submission = exampleSubmission();
  return { ...submission, method: { ...submission.method, id }, ...changes };
}

function other(submission: AlgorithmSubmission, runs: readonly SubmittedRun[]): OtherSubmission {
  return { folder: submission.method.id, submission, runs };
}

const digestOf = (digit: string) => ({ ...exampleRun(), digest: digit.repeat(64) });

describe("what is compared", () => {
  const root = sharedTemporaryFolder();
  const handedIn = (submission: AlgorithmSubmission) => {
    const { id, version } = submission.method;
    const folder = path.join(root, id, version);
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, "runs.jsonl"), formatSubmittedRun(exampleRun()));
    return { folder, submission };
  };

  test("submissions of other methods under the same protocol and table, with their runs", () => {
    const own = named("own");
    const { protocol: used, table: usedTable } = own;
    const others = [
      own,
      named("one"),
      named("elsewhere", { protocol: { ...used, sha256: "0".repeat(64) } }),
      named("on-another-table", { table: { ...usedTable, searchContentHash: "0".repeat(64) } }),
    ].map(handedIn);
    const newer = named("own");
    others.push(handedIn({ ...newer, method: { ...newer.method, version: "2.0.0" } }));
    const compared = comparableSubmissions(own, path.join(root, "own/1.0.0"), others);
    expect(compared.map(({ submission }) => submission.method.id)).toEqual(["one"]);
    expect(compared[0]?.runs).toEqual([exampleRun()]);
  });
});

describe("copies that show without running anything", () => {
  const files = exampleSubmission().plugin.files;
  const plugin = (changed: string) => ({
    sha256: "0".repeat(64),
    files: files.map((file) => (file.path === changed ? { ...file, sha256: "1".repeat(64) } : file)),
  });

  test("the same code and options under another name are", () => {
    const copy = named("copy", { plugin: plugin("plugin.json") });
    expect(copyFaults(copy, [digestOf("a")], [other(named("one"), [digestOf("b")])])).toEqual([
      "its code and options are those of one 1.0.0",
    ]);
    const moved = {
      ...copy,
      plugin: { ...copy.plugin, files: copy.plugin.files.map((file) => ({ ...file, path: `a-${file.path}` })) },
    };
    // A file of another name is the same code.
    moved.plugin.files[1] = copy.plugin.files[1] as (typeof files)[number];
    expect(copyFaults(moved, [], [other(named("one"), [])])).toHaveLength(1);
    const documented = {
      ...copy,
      plugin: {
        ...copy.plugin,
        files: [...copy.plugin.files, { path: "README.md", bytes: 0, sha256: "2".repeat(64) }],
      },
    };
    expect(copyFaults(documented, [], [other(named("one"), [])])).toHaveLength(1);
  });

  test("other code, and the same with other options, are not", () => {
    const others = [other(named("one"), [digestOf("b")])];
    expect(copyFaults(named("two", { plugin: plugin("index.ts") }), [digestOf("a")], others)).toEqual([]);
    expect(copyFaults(named("two", { options: { patience: 7 } }), [digestOf("a")], others)).toEqual([]);
  });

  test("runs of another submission are", () => {
    const runs = [digestOf("a"), digestOf("b"), digestOf("c")];
    const others = [other(named("one"), [digestOf("b"), digestOf("c"), digestOf("d")]), other(named("two"), [])];
    expect(copyFaults(named("own", { options: {} }), runs, others)).toEqual([
      "2 runs have the digests of runs of one 1.0.0",
    ]);
  });
});
