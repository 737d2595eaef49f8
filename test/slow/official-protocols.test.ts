import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { readArchitectureFile } from "../../core/importers/official/architecture-file.ts";
import type { OfficialTrial } from "../../core/importers/official-trial.ts";
import { importOfficialTrials } from "../../core/importers/pipeline/official-import.ts";
import { findSearch, loadProtocol } from "../../core/protocols/protocol-file.ts";
import { eachRecord } from "../../core/records/record-file.ts";
import { buildEvaluationTable } from "../../core/runner/evaluation-table.ts";
import { ARCHITECTURE_COUNT } from "../../core/space/operations.ts";
import { openSearchView } from "../../core/tables/search-view.ts";
import { runCommandLine } from "../helpers/command-line.ts";
import { hasSharedData, needsSharedData, REPOSITORY, sharedData } from "../helpers/shared-data.ts";
import { sharedTemporaryFolder } from "../helpers/temporary-folder.ts";
import { madeUpTrials } from "../importers/pipeline/made-up-trials.ts";

const folder = sharedTemporaryFolder();
const table = path.join(folder, "table");

/** All architectures: the 12-epoch trainings of the genuine cell 11 where it is there, the long ones made up. */
async function* trials(): AsyncGenerator<readonly OfficialTrial[]> {
  const genuine = hasSharedData ? await readArchitectureFile(sharedData("official-samples/000011.pickle.pbz2")) : null;
  const short = genuine?.filter(({ recipe }) => recipe === "12-epochs") ?? null;
  for (let architecture = 0; architecture < ARCHITECTURE_COUNT; architecture++) {
    const own = madeUpTrials(architecture, { isBrief: true });
    if (short === null) yield own;
    else {
      const long = own.filter(({ recipe }) => recipe === "200-epochs");
      yield [...short.map((trial) => ({ ...trial, architecture })), ...long];
    }
  }
}

beforeAll(async () => {
  const file = path.join(folder, "all.bin");
  writeFileSync(file, "all");
  await importOfficialTrials({
    source: { kind: "stream", files: [file], batches: ARCHITECTURE_COUNT, open: () => trials() },
    identity: {
      ...{ id: "made-up", version: "1.0.0", title: "Made up", benchmark: "nas-bench-201", licence: "MIT" },
      ...{ description: "Made up.", expectedOptima: [] },
    },
    folder: table,
    overwrite: false,
  });
});

describe.skipIf(!hasSharedData)(needsSharedData("simulated cost of the genuine cell 11"), () => {
  // reference-protocols.md, 1.4: 12 training epochs and one validation pass.
  test.each([
    ["cifar10", 153.7],
    ["cifar100", 299.9],
    ["imagenet16-120", 907.9],
  ])("a 12-epoch evaluation on %s costs %f s", (search, seconds) => {
    const evaluations = buildEvaluationTable(openSearchView(table), findSearch(loadProtocol("nats-bench"), search));
    const cost = evaluations.costMs.get(12)?.[evaluations.firstSlot[11] as number] as number;
    expect(Math.round(cost / 100) / 10).toBe(seconds);
  });
});

test.each([
  ["nas-bench-201", ["rs", "rea", "bohb"]],
  ["nats-bench", ["rs", "bohb-multi-fidelity"]],
])("protocol %s runs to its end", async (protocol, methods) => {
  const results = path.join(folder, protocol);
  const words = ["run", ...methods, "--protocol", protocol, "--table", table, "--runs", "2", "--output", results];
  const { exitCode, stderr } = await runCommandLine(words);
  expect(exitCode, stderr).toBe(0);
  if (protocol !== "nats-bench") return;
  const [place] = stderr.matchAll(/\S*bohb-multi-fidelity\S*/g);
  const records = [...eachRecord(path.join(results, "nats-bench", "bohb-multi-fidelity"))].map(({ record }) => record);
  expect(records, place?.[0]).toHaveLength(6);
  for (const { trace, failure } of records) {
    expect(failure).toBeNull();
    expect([...new Set(trace.map(([, epochs]) => epochs))].sort((a, b) => a - b)).toEqual([1, 4, 12]);
  }
});

test("CIFAR-100 validation at epoch 50 of the long recipe was not recorded, and the error says what is", async () => {
  const protocol = JSON.parse(readFileSync(path.join(REPOSITORY, "protocols/nats-bench.json"), "utf8"));
  const search = protocol.searches.find(({ id }: { id: string }) => id === "cifar100");
  const file = path.join(folder, "epoch-50.json");
  const changed = { ...search, recipe: "200-epochs", fidelities: [50], answerEpochs: 50 };
  writeFileSync(file, JSON.stringify({ ...protocol, $schema: undefined, id: "epoch-50", searches: [changed] }));
  const words = ["run", "rs", "--protocol", file, "--table", table, "--runs", "1", "--output", path.join(folder, "no")];
  const { exitCode, stderr } = await runCommandLine(words);
  expect(exitCode).toBe(2);
  expect(stderr).toContain("NAS_NOT_RECORDED");
  expect(stderr).toContain("validAccuracy of cifar100/200-epochs at epoch 50 was not recorded");
  expect(stderr).toMatch(/recorded are: .*validAccuracy at 200; .*testAccuracy at 200/);
});
