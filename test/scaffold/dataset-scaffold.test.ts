import path from "node:path";
import { describe, expect, test } from "vitest";
import { locateDataset, openDataset } from "../../core/plugins/dataset-splits.ts";
import { readManifest } from "../../core/plugins/manifest.ts";
import { builtInPlugins } from "../../core/plugins/plugin-location.ts";
import { readTablePlan } from "../../core/plugins/table-plan-file.ts";
import { builtInProtocols, loadProtocol } from "../../core/protocols/protocol-file.ts";
import { DATASET_BUDGET_MS } from "../../core/scaffold/dataset-documents.ts";
import { datasetScaffold } from "../../core/scaffold/dataset-scaffold.ts";
import { openOperations } from "../../core/training/backend-operations.ts";
import { meanEvaluationMs } from "../../core/training/evaluation-cost.ts";
import { networkShape, trainTrial } from "../../core/training/trial.ts";
import type { Recipe } from "../../schemas/generated/recipe.ts";
import { harnessErrorOf } from "../helpers/harness-error-of.ts";
import { writeNewDataset } from "../helpers/new-dataset.ts";
import { REPOSITORY } from "../helpers/shared-data.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";

const written = () => writeNewDataset(path.join(temporaryFolder(), "my-dataset"));

async function images(folder: string) {
  const splits = await openDataset(locateDataset(folder));
  return { train: splits.train(), valid: splits.valid(), test: splits.test() };
}

describe("what is written", () => {
  test("has a manifest, a plan with its recipes and a protocol that hold, all of one name", () => {
    const folder = written();
    expect(readManifest(folder)).toMatchObject({ kind: "dataset", name: "my-dataset", title: "My dataset" });
    const { plan, recipes, parts } = readTablePlan(folder);
    expect(plan.table).toMatchObject({ id: "my-dataset", benchmark: "my-dataset" });
    expect(recipes.map(({ id }) => id)).toEqual(["full", "short"]);
    expect(parts).toHaveLength(2);
    const protocol = loadProtocol(path.join(folder, "protocol.json"));
    expect(protocol).toMatchObject({ id: "my-dataset", table: "my-dataset", runs: 500 });
    expect(protocol.searches[0]?.report.map(({ column }) => column)).toEqual(["my-dataset.valid", "my-dataset.test"]);
  });

  test("has a budget of 100 mean evaluations at the last epoch, in whole ms", async () => {
    const folder = written();
    const { plan, recipes } = readTablePlan(folder);
    const short = recipes.find(({ id }) => id === "short") as Recipe;
    const { train, valid } = await images(folder);
    const counts = { train: train.count, valid: valid.count };
    const mean = meanEvaluationMs(short, networkShape(short, train), counts, plan.cost, short.epochs);
    expect(DATASET_BUDGET_MS, "write it into core/scaffold/dataset-documents.ts").toBe(Math.round(100 * mean));
  });

  test("draws images of which good cells learn something, and bad ones less", async () => {
    const folder = written();
    const own = await images(folder);
    const full = readTablePlan(folder).recipes.find(({ id }) => id === "full") as Recipe;
    const operations = await openOperations("wasm");
    const accuracy = (architecture: number) =>
      trainTrial(operations, own, full, architecture, 1).curves.test.accuracy.at(-1) as number;
    // Chance is 25. In cell 12 nothing of the image arrives at the end.
    expect(accuracy(12)).toBeLessThan(30);
    expect(accuracy(6317)).toBeGreaterThan(80);
  });

  test("depends on the place: a clone's own package.json serves its folders, and the README names the folder", () => {
    const files = (folder: string) => datasetScaffold("my-dataset", folder);
    expect([...files(path.join(REPOSITORY, "a/b")).keys()]).not.toContain("package.json");
    expect(JSON.parse(files("/datasets/own").get("package.json") ?? "")).toEqual({ type: "module", private: true });
    expect(files("/datasets/own").get("README.md")).toContain("nas-harness table build ./own --output ./own/table\n");
    expect(files("/datasets/it's mine").get("README.md")).toContain("--protocol './it'\\''s mine/protocol.json'");
  });

  test("is what formatters want: no trailing blanks, one newline at the end, short lists on one line", () => {
    const files = datasetScaffold("my-dataset", "/datasets/some");
    for (const [name, text] of files) {
      expect({ name, text }).toEqual({ name, text: expect.not.stringMatching(/[ \t]$/m) });
      expect({ name, text }).toEqual({ name, text: expect.stringMatching(/[^\n]\n$/) });
    }
    expect(files.get("recipes/full.json")).toContain('"mean": [112],');
    expect(files.get("protocol.json")).toContain('"fidelities": [1, 2],');
  });

  test("draws by nothing that differs between machines", () => {
    const entry = datasetScaffold("my-dataset", "/datasets/some").get("index.ts") ?? "";
    const code = entry.replaceAll(/\/\/.*|\/\*\*.*\*\//g, "");
    expect(new Set(code.match(/Math\.\w+/g))).toEqual(new Set(["Math.floor", "Math.imul"]));
    expect(code).not.toMatch(/Date|performance|crypto|process/);
  });
});

describe("names", () => {
  const suggestionOf = (name: string) => {
    const { code, details } = harnessErrorOf(() => datasetScaffold(name, "/datasets/some"));
    expect(code).toBe("NAS_USAGE");
    expect(details.where).toBe("new dataset <name>");
    return details.next;
  };

  test.each([
    ["My Dataset", "nas-harness new dataset my-dataset"],
    ["CIFAR_10", "nas-harness new dataset cifar-10"],
    ["a".repeat(65), `nas-harness new dataset ${"a".repeat(64)}`],
    ["", "choose another name"],
  ])("%j is none; next: %s", (name, next) => {
    expect(suggestionOf(name)).toBe(next);
  });

  test.each([...new Set([...builtInPlugins("dataset"), ...builtInProtocols()])])("%s is taken", (name) => {
    expect(suggestionOf(name)).toBe(`nas-harness new dataset my-${name}`);
  });

  test("a method's name is free, and a long one gives a title of its first words", () => {
    expect([...datasetScaffold("rs", "/datasets/rs").keys()][0]).toBe("plugin.json");
    const long = Array.from({ length: 16 }, () => "abc").join("-");
    const { title } = JSON.parse(datasetScaffold(long, "/datasets/long").get("plugin.json") ?? "");
    expect(title.length).toBeLessThanOrEqual(40);
  });
});
