import path from "node:path";
import { beforeAll, describe, expect, inject, test } from "vitest";
import { loadProtocol } from "../../core/protocols/protocol-file.ts";
import { openTableForProtocol } from "../../core/records/session.ts";
import { buildEvaluationTable, type EvaluationTable } from "../../core/runner/evaluation-table.ts";
import { classOf } from "../../core/space/classes.ts";
import { ARCHITECTURE_COUNT } from "../../core/space/operations.ts";
import { openSearchView } from "../../core/tables/search-view.ts";
import { simulatedMs } from "../../core/training/cost-model.ts";
import { meanEvaluationMs } from "../../core/training/evaluation-cost.ts";
import { networkMacs } from "../../core/training/network-macs.ts";
import { trainedEdges } from "../../core/training/trial.ts";
import type { ProtocolSearch } from "../../schemas/generated/protocol.ts";
import type { Recipe } from "../../schemas/generated/recipe.ts";
import { writeGeneratedTable } from "../helpers/generated-table.ts";
import { harnessErrorOf } from "../helpers/harness-error-of.ts";
import { PLANNED, readPlan, writePlannedTable } from "../helpers/planned-table.ts";
import { sharedTemporaryFolder, temporaryFolder } from "../helpers/temporary-folder.ts";

const protocol = loadProtocol(PLANNED);
const search = protocol.searches[0] as ProtocolSearch;
const { plan, recipes } = readPlan();
const recipe = (id: string) => recipes.find((one) => one.id === id) as Recipe;
const [short, full] = [recipe("short"), recipe("full")];
const everyEpoch = Array.from({ length: short.epochs }, (_, at) => at + 1);

const folder = path.join(sharedTemporaryFolder(), "planned");
let table: EvaluationTable;

beforeAll(() => {
  writePlannedTable(folder);
  table = buildEvaluationTable(openSearchView(folder), search);
});

/** Cost in simulated ms of an architecture's evaluations; its trials cost the same. */
function costOf(architecture: number, epochs: number): number {
  return table.costMs.get(epochs)?.[table.firstSlot[architecture] as number] as number;
}

describe("the protocol and the dataset's plan agree", () => {
  test("on the benchmark", () => {
    expect(protocol.table).toBe(plan.table.benchmark);
    expect(protocol).toMatchObject({ runs: 500, trainingBudget: null, settingsOf: "nas-bench-201" });
    expect(protocol.searches).toHaveLength(1);
  });

  test("on the epochs: search at any of the short recipe's, report after the full one's last", () => {
    expect(search).toMatchObject({ dataset: PLANNED, recipe: short.id, split: "valid", trials: "random" });
    expect(search.fidelities).toEqual(everyEpoch);
    expect(search.answerEpochs).toBe(short.epochs);
    expect(search.report).toEqual(
      ["valid", "test"].map((split) => ({
        column: `${PLANNED}.${split}`,
        dataset: PLANNED,
        recipe: full.id,
        split,
        epoch: full.epochs,
      })),
    );
  });

  test("on the budget: 100 times the mean cost of an evaluation at the last epoch over all cells, in whole ms", () => {
    let sum = 0;
    for (let architecture = 0; architecture < ARCHITECTURE_COUNT; architecture++)
      sum += costOf(architecture, short.epochs);
    const limit = Math.round((100 * sum) / ARCHITECTURE_COUNT);
    expect(
      search.budget,
      `by the plan's recipes and cost model the limit must be ${limit}: write it into protocols/${PLANNED}.json`,
    ).toEqual({ kind: "simulated-ms", limit, crossing: "reject" });
    // What `check` tells of a budget is computed without a table.
    const shape = { ...short.network, imageSize: 8, imageChannels: 1, classes: 10 };
    const mean = meanEvaluationMs(short, shape, { train: 50_000, valid: 10_000 }, plan.cost, short.epochs);
    expect(mean).toBe(sum / ARCHITECTURE_COUNT);
  });
});

test("an evaluation costs its training epochs and one validation pass: all images after the last epoch", () => {
  const { channels, cellsPerStage } = short.network;
  for (const architecture of [0, 1462, 11_472]) {
    const shape = { channels, cellsPerStage, imageSize: 8, imageChannels: 1, classes: 10 };
    const macs = networkMacs(shape, trainedEdges(architecture));
    const cost = (images: { trained?: number; evaluated?: number }) => simulatedMs(plan.cost, macs, images);
    for (const epochs of everyEpoch) {
      const evaluated = epochs === short.epochs ? 10_000 : (short.evaluation.valid ?? 10_000);
      const expected = epochs * cost({ trained: short.imagesPerEpoch ?? 50_000 }) + cost({ evaluated });
      expect(costOf(architecture, epochs)).toBe(expected);
    }
  }
});

test("isomorphic cells share their trials", () => {
  const valuesOf = (architecture: number) => {
    const [first, end] = [table.firstSlot[architecture], table.firstSlot[architecture + 1]];
    return everyEpoch.map((epochs) => [
      table.trialSeed.slice(first, end),
      table.accuracy.get(epochs)?.slice(first, end),
      table.costMs.get(epochs)?.slice(first, end),
    ]);
  };
  const members = Array.from({ length: 300 }, (_, at) => at).filter(
    (architecture) => classOf(architecture) !== architecture,
  );
  expect(members.length).toBeGreaterThan(10);
  for (const architecture of members) expect(valuesOf(architecture)).toEqual(valuesOf(classOf(architecture)));
});

describe("tables that can't serve", () => {
  test("a table of CIFAR and ImageNet belongs to another benchmark, and theirs refuse this one", () => {
    const error = harnessErrorOf(() => openTableForProtocol(protocol, inject("generatedTable")));
    expect(error.code).toBe("NAS_TABLE_REFUSED");
    expect(error.details.what).toBe(
      "the table belongs to benchmark nas-bench-201, the protocol asks for fashion-mnist-8x8",
    );
    const reverse = harnessErrorOf(() => openTableForProtocol(loadProtocol("nas-bench-201"), folder));
    expect(reverse.details.what).toBe(
      "the table belongs to benchmark fashion-mnist-8x8, the protocol asks for nas-bench-201",
    );
  });

  test("a table of CIFAR under this benchmark's name lacks the dataset", () => {
    const other = path.join(temporaryFolder(), "other");
    writeGeneratedTable(other, {
      identity: { benchmark: PLANNED },
      omit: { datasets: ["cifar100", "imagenet16-120"] },
    });
    const error = harnessErrorOf(() => openTableForProtocol(protocol, other));
    expect(error.code).toBe("NAS_NOT_RECORDED");
    expect(error.details.what).toContain(PLANNED);
    expect(error.details.allowed).toContain("cifar10-valid");
  });

  test("an epoch beyond the recipe's is not recorded", () => {
    const longer = structuredClone(protocol);
    (longer.searches[0] as ProtocolSearch).fidelities.push(short.epochs + 1);
    const error = harnessErrorOf(() => openTableForProtocol(longer, folder));
    expect(error.code).toBe("NAS_NOT_RECORDED");
    expect(error.details.what).toBe(`validAccuracy of ${PLANNED}/short at epoch ${short.epochs + 1} was not recorded`);
  });
});
