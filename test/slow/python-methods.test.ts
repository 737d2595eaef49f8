import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, inject, test } from "vitest";
import { readRecords } from "../../core/records/record-file.ts";
import { hasPython, needsPython } from "../helpers/python-client.ts";
import { resultFile, runTestSession, type SessionChanges } from "../helpers/session.ts";
import { REPOSITORY } from "../helpers/shared-data.ts";
import { sharedTemporaryFolder } from "../helpers/temporary-folder.ts";

const EXAMPLES = ["random-search", "regularized-evolution"].map((name) =>
  path.join(REPOSITORY, "clients/python/examples", name),
);
const [RANDOM_SEARCH, EVOLUTION] = ["python-random-search", "python-regularized-evolution"] as const;

describe.skipIf(!hasPython)(needsPython("the Python examples"), () => {
  const shared = sharedTemporaryFolder();

  /** Runs both examples and returns the folder of their results. */
  async function runBoth(name: string, changes: Partial<SessionChanges> = {}): Promise<string> {
    const output = path.join(shared, name);
    const tableFolder = inject("generatedTable");
    await runTestSession(output, { tableFolder, methods: EXAMPLES, isolation: "process", runs: 30, ...changes });
    return output;
  }

  const textsOf = (output: string) =>
    [RANDOM_SEARCH, EVOLUTION].map((method) => readFileSync(resultFile(output, method, "records.jsonl"), "utf8"));

  /** Validation accuracy of each run's answer, in the trace's units: that of its best evaluation. */
  function answered(output: string, method: string): number[] {
    const records = readRecords(path.dirname(resultFile(output, method, "records.jsonl")));
    expect(records).toHaveLength(30);
    return records.map(({ failure, trace, answers }) => {
      expect(failure).toBeNull();
      const best = Math.max(...trace.map(([, , , accuracy]) => accuracy));
      const at = trace.findIndex(([, , , accuracy]) => accuracy === best);
      expect(answers).toEqual([expect.objectContaining({ architecture: trace[at]?.[0] })]);
      return best;
    });
  }

  test("give the same records again, in one process and in two, and evolution beats random search", async () => {
    const first = await runBoth("first");
    const texts = textsOf(first);
    for (const text of texts) expect(text.trimEnd().split("\n").length).toBeGreaterThanOrEqual(30);
    expect(textsOf(await runBoth("again"))).toEqual(texts);
    expect(textsOf(await runBoth("two", { jobs: 2 }))).toEqual(texts);

    const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(mean(answered(first, EVOLUTION))).toBeGreaterThan(mean(answered(first, RANDOM_SEARCH)));
  });
});
