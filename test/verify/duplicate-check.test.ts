import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, inject, test } from "vitest";
import { resolveOptions } from "../../core/plugins/options.ts";
import { locateAlgorithm } from "../../core/plugins/plugin-location.ts";
import { findSearch, loadProtocol } from "../../core/protocols/protocol-file.ts";
import { readRecords } from "../../core/records/record-file.ts";
import { formatSubmittedRun, submittedRunOf } from "../../core/submissions/submitted-run.ts";
import { openSearchView } from "../../core/tables/search-view.ts";
import {
  comparableSubmissions,
  copyFaults,
  type OtherSubmission,
  replayFaults,
} from "../../core/verify/duplicate-check.ts";
import type { AlgorithmSubmission } from "../../schemas/generated/submission.ts";
import type { SubmittedRun } from "../../schemas/generated/submitted-run.ts";
import { algorithmManifest, RANDOM_SEARCH_SOURCE, writePlugin } from "../helpers/plugin-folder.ts";
import { withBudget } from "../helpers/run-inputs.ts";
import { resultFile, runTestSession } from "../helpers/session.ts";
import { sharedTemporaryFolder, temporaryFolder } from "../helpers/temporary-folder.ts";
import { exampleRun, exampleSubmission } from "./example-submission.ts";

const table = inject("generatedTable");
const protocol = withBudget(loadProtocol("nas-bench-201"), { kind: "evaluations", limit: 8, crossing: "reject" });

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

describe("the same method under another name, found by its behaviour", () => {
  const work = sharedTemporaryFolder();
  let runs: SubmittedRun[];

  beforeAll(async () => {
    const original = writePlugin(path.join(work, "one"), algorithmManifest({ name: "one" }));
    await runTestSession(work, { tableFolder: table, protocol, methods: [original], runs: 6 });
    const records = readRecords(path.dirname(resultFile(work, "one", "records.jsonl")));
    runs = records.map((record) => submittedRunOf(record, findSearch(protocol, record.search)));
  });

  function replay(source: string, others: OtherSubmission[]): Promise<string[]> {
    const plugin = locateAlgorithm(
      writePlugin(path.join(temporaryFolder(), "copy"), algorithmManifest({ name: "copy" }), source),
    );
    const laboratory = { table: openSearchView(table), work: temporaryFolder(), jobs: 1, runLimitSeconds: 60 };
    const method = { plugin, options: resolveOptions(plugin.manifest, protocol), guest: null };
    return replayFaults(laboratory, protocol, method, others);
  }

  test("is named, however its code is written", async () => {
    const source = `import { defineAlgorithm, propose } from "nas-harness";
      export default defineAlgorithm({ create: (c) => ({
        ask: () => c.budget.affords(c.maxEpochs) ? propose(c.space.sample(c.random), c.maxEpochs) : null,
        tell: () => {},
      }) });`;
    const strange = runs.map((run) => ({ ...run, answers: [{ architecture: 0, weight: 1 }] }));
    const others = [other(named("strange"), strange), other(named("one"), runs), other(named("empty"), [])];
    expect(await replay(source, others)).toEqual([
      "with the seeds of one 1.0.0 it does what that did: it is the same method",
    ]);
  });

  test("a method that draws twice is another one, and one that fails is none", async () => {
    const twice = RANDOM_SEARCH_SOURCE.replace("yield", "space.sample(random); yield");
    expect(twice).not.toBe(RANDOM_SEARCH_SOURCE);
    expect(await replay(twice, [other(named("one"), runs)])).toEqual([]);
    const broken = RANDOM_SEARCH_SOURCE.replace("yield", 'throw new Error("no"); yield');
    expect(await replay(broken, [other(named("one"), runs)])).toEqual([]);
  });

  test("runs that failed say nothing", async () => {
    const failed = runs.map((run) => ({ ...run, failure: "NAS_ALGORITHM_THREW", incumbents: [], answers: [] }));
    const some = [...failed.slice(1), ...runs.slice(0, 1)];
    expect(await replay(RANDOM_SEARCH_SOURCE, [other(named("one"), failed)])).toEqual([]);
    expect(await replay(RANDOM_SEARCH_SOURCE, [other(named("one"), some)])).toHaveLength(1);
  });
});
