import path from "node:path";
import { beforeAll, describe, expect, inject, test } from "vitest";
import { resolveOptions } from "../../core/plugins/options.ts";
import { locateAlgorithm } from "../../core/plugins/plugin-location.ts";
import { findSearch, loadProtocol } from "../../core/protocols/protocol-file.ts";
import { readRecords } from "../../core/records/record-file.ts";
import { submittedRunOf } from "../../core/submissions/submitted-run.ts";
import { openSearchView } from "../../core/tables/search-view.ts";
import { type OtherSubmission, replayFaults } from "../../core/verify/replayed-runs.ts";
import type { SubmittedRun } from "../../schemas/generated/submitted-run.ts";
import { algorithmManifest, RANDOM_SEARCH_SOURCE, writePlugin } from "../helpers/plugin-folder.ts";
import { withBudget } from "../helpers/run-inputs.ts";
import { resultFile, runTestSession } from "../helpers/session.ts";
import { sharedTemporaryFolder, temporaryFolder } from "../helpers/temporary-folder.ts";
import { exampleSubmission } from "../verify/example-submission.ts";

const table = inject("generatedTable");
const protocol = withBudget(loadProtocol("nas-bench-201"), { kind: "evaluations", limit: 8, crossing: "reject" });

/** A submission of that name with these runs. */
function other(id: string, runs: readonly SubmittedRun[]): OtherSubmission {
  const submission = exampleSubmission();
  return { folder: id, submission: { ...submission, method: { ...submission.method, id } }, runs };
}

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
    const others = [other("strange", strange), other("one", runs), other("empty", [])];
    expect(await replay(source, others)).toEqual([
      "with the seeds of one 1.0.0 it does what that did: it is the same method",
    ]);
  });

  test("a method that draws twice is another one, and one that fails is none", async () => {
    const twice = RANDOM_SEARCH_SOURCE.replace("while", "space.sample(random);\n    while");
    expect(twice).not.toBe(RANDOM_SEARCH_SOURCE);
    expect(await replay(twice, [other("one", runs)])).toEqual([]);
    const broken = RANDOM_SEARCH_SOURCE.replace("yield", 'throw new Error("no"); yield');
    expect(await replay(broken, [other("one", runs)])).toEqual([]);
  });

  test("runs that failed say nothing", async () => {
    const failed = runs.map((run) => ({ ...run, failure: "NAS_ALGORITHM_THREW", incumbents: [], answers: [] }));
    const some = [...failed.slice(1), ...runs.slice(0, 1)];
    expect(await replay(RANDOM_SEARCH_SOURCE, [other("one", failed)])).toEqual([]);
    expect(await replay(RANDOM_SEARCH_SOURCE, [other("one", some)])).toHaveLength(1);
  });
});
