import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, inject, test } from "vitest";
import { HarnessError } from "../../core/errors/harness-error.ts";
import { loadProtocol } from "../../core/protocols/protocol-file.ts";
import { buildEvaluationTable } from "../../core/runner/evaluation-table.ts";
import { operationsOf } from "../../core/space/codec.ts";
import { ARCHITECTURE_COUNT } from "../../core/space/operations.ts";
import { isReachable } from "../../core/space/reachability.ts";
import { openSearchView } from "../../core/tables/search-view.ts";
import { openTestView } from "../../core/tables/test-view.ts";
import type { ProtocolSearch } from "../../schemas/generated/protocol.ts";
import type { TableCard } from "../../schemas/generated/table-card.ts";
import { type GeneratedTableOptions, writeGeneratedTable } from "./generated-table.ts";
import { sharedTemporaryFolder, temporaryFolder } from "./temporary-folder.ts";

const searchesOf = (id: string) => loadProtocol(id).searches;
const mean = (values: ArrayLike<number>) => Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;

test("the same options give the same bytes, and other seeds leave the rest alone", () => {
  const root = temporaryFolder();
  const write = (name: string, options?: GeneratedTableOptions) => writeGeneratedTable(path.join(root, name), options);
  const shared = openSearchView(inject("generatedTable")).card;
  expect(write("first")).toEqual(shared);
  const hashes = (card: TableCard, dataset: string) =>
    card.datasets
      .filter(({ id }) => id === dataset)
      .flatMap(({ recipes }) => recipes.flatMap(({ files }) => files.map(({ sha256 }) => sha256)));
  const omit = { datasets: ["cifar10", "imagenet16-120"] };
  const other = write("other", { seeds: { "cifar10-valid/12-epochs": [111] }, omit });
  expect(hashes(other, "cifar100")).toEqual(hashes(shared, "cifar100"));
  expect(hashes(other, "cifar10-valid")).not.toEqual(hashes(shared, "cifar10-valid"));
  expect(other.searchContentHash).not.toBe(shared.searchContentHash);
});

describe("the complete table", () => {
  const view = openSearchView(inject("generatedTable"));

  test.each([
    ["nas-bench-201", 0, 1],
    ["nas-bench-201-mean", 0, 1],
    ["nats-bench", 0, 1],
    ["nats-bench", 1, 2],
    ["nats-bench", 2, 6],
  ])("serves %s, search %i, with about a hundred evaluations", (id, at, factor) => {
    const search = searchesOf(id)[at] as ProtocolSearch;
    const cost = mean(buildEvaluationTable(view, search).costMs.get(12) as Float64Array);
    expect(cost / factor).toBeGreaterThan(120_000);
    expect(cost / factor).toBeLessThan(160_000);
    expect(search.budget.limit / cost).toBeGreaterThan(75);
    expect(search.budget.limit / cost).toBeLessThan(160);
  });

  test("has accuracies that rise with the epochs and with the convolutions", () => {
    const search = searchesOf("nats-bench")[0] as ProtocolSearch;
    const { accuracy, firstSlot } = buildEvaluationTable(view, search);
    for (let epochs = 2; epochs <= 12; epochs++) {
      const [before, after] = [accuracy.get(epochs - 1) as Int32Array, accuracy.get(epochs) as Int32Array];
      expect(after.every((value, slot) => value >= (before[slot] as number))).toBe(true);
    }
    const final = accuracy.get(12) as Int32Array;
    const byConvolutions: number[][] = [[], [], [], [], [], [], []];
    for (let architecture = 0; architecture < ARCHITECTURE_COUNT; architecture++) {
      const value = final[firstSlot[architecture] as number] as number;
      if (!isReachable(architecture)) expect(value).toBe(100_000);
      const count = operationsOf(architecture).filter((operation) => operation === "nor_conv_3x3").length;
      byConvolutions[count]?.push(value);
    }
    const means = byConvolutions.map(mean);
    expect(means).toEqual([...means].sort((a, b) => a - b));
    expect(Math.max(...final)).toBeLessThan(1_000_000);
  });

  test("has the trials and splits that are promised", () => {
    const { card } = view;
    expect(card).toMatchObject({
      id: "generated",
      version: "1.0.0",
      benchmark: "nas-bench-201",
      keyedBy: "architecture",
    });
    const trials = (dataset: string, recipe: string) => view.trials(dataset, recipe).table.rows.trialSeed;
    expect(trials("cifar10-valid", "12-epochs").slice(0, 4)).toEqual([111, 777, 111, 777]);
    expect(trials("cifar100", "12-epochs")).toEqual(new Array(ARCHITECTURE_COUNT).fill(111));
    const thirds = trials("imagenet16-120", "200-epochs").filter((seed) => seed === 999).length;
    expect(thirds / ARCHITECTURE_COUNT).toBeGreaterThan(0.48);
    expect(thirds / ARCHITECTURE_COUNT).toBeLessThan(0.52);
    const columns = (dataset: string) => {
      const recipe = card.datasets.find(({ id }) => id === dataset)?.recipes[1];
      return (recipe?.columns ?? [])
        .filter(({ name }) => name.endsWith("Accuracy"))
        .map(({ name, epochs }) => [name, epochs]);
    };
    expect(columns("cifar10-valid")).toEqual([
      ["validAccuracy", [200]],
      ["testAccuracy", [200]],
    ]);
    expect(columns("cifar10")).toEqual([["testAccuracy", [200]]]);
    expect(columns("cifar100")).toEqual([
      ["validAccuracy", [200]],
      ["testAccuracy", [200]],
      ["valtestAccuracy", [200]],
    ]);
  });

  test("has test values in the test view alone", () => {
    const tests = openTestView(view.folder, view.card, "cifar10", "200-epochs");
    expect(tests.mean(6111, "testAccuracy", 200)).toMatchObject({ from: "trials" });
    expect(view.trials("cifar10-valid", "200-epochs").column("testAccuracy")).toBeUndefined();
  });
});

describe("a table that lacks something is refused by the protocols that need it", () => {
  const root = sharedTemporaryFolder();

  test.each<[string, GeneratedTableOptions, string, RegExp | null]>([
    ["validation times", { omit: { metrics: ["validMs"] } }, "nas-bench-201", /NAS_TABLE_REFUSED.*validation times/],
    ["validation times", { omit: { metrics: ["validMs"] } }, "nas-bench-201-mean", null],
    ["training times", { omit: { metrics: ["trainMs"] } }, "nas-bench-201", /NAS_TABLE_REFUSED.*training times/],
    ["single trials", { aggregated: true }, "nas-bench-201", /NAS_TABLE_REFUSED.*no single trial of architecture 0/],
    ["single trials", { aggregated: true }, "nas-bench-201-mean", null],
    ["architecture 7", { omit: { architectures: [7] } }, "nas-bench-201", /NAS_TABLE_REFUSED.*architecture 7 /],
    ["architecture 7", { omit: { architectures: [7] } }, "nas-bench-201-mean", /NAS_TABLE_REFUSED.*architecture 7 /],
    ["epoch 4", { epochs: [1, 12] }, "nats-bench", /NAS_NOT_RECORDED.*epoch 2/],
    ["epoch 12", { epochs: [1, 4] }, "nas-bench-201", /NAS_NOT_RECORDED.*epoch 12/],
    ["epoch 4", { epochs: [1, 12] }, "nas-bench-201", null],
    ["a dataset", { omit: { datasets: ["cifar10-valid"] } }, "nas-bench-201", /NAS_NOT_RECORDED.*cifar10-valid/],
    [
      "a recipe",
      { omit: { datasets: ["cifar100"], recipes: ["12-epochs"] } },
      "nas-bench-201",
      /NAS_NOT_RECORDED.*12-epochs/,
    ],
  ])("%s", (_, options, protocol, refusal) => {
    const folder = path.join(root, "table");
    // What no case needs is left out, which saves most of the time.
    const omit = { datasets: ["cifar10", "cifar100", "imagenet16-120"], recipes: ["200-epochs"], ...options.omit };
    writeGeneratedTable(folder, { ...options, omit, overwrite: true });
    const demand = () => buildEvaluationTable(openSearchView(folder), searchesOf(protocol)[0] as ProtocolSearch);
    if (refusal === null) expect(demand).not.toThrow();
    else expect(demand).toThrow(refusal);
  });
});

test("a folder that exists is kept unless it may be overwritten", () => {
  const folder = path.join(temporaryFolder(), "table");
  const omit = { datasets: ["cifar10-valid", "cifar100", "imagenet16-120"] };
  writeGeneratedTable(folder, { omit });
  const card = readFileSync(path.join(folder, "table.json"), "utf8");
  expect(() => writeGeneratedTable(folder, { omit })).toThrow(HarnessError);
  expect(readFileSync(path.join(folder, "table.json"), "utf8")).toBe(card);
  writeGeneratedTable(folder, { omit, identity: { version: "1.0.1" }, overwrite: true });
  expect(openSearchView(folder).card.version).toBe("1.0.1");
  expect(existsSync(`${folder}.${process.pid}.old`)).toBe(false);
});
