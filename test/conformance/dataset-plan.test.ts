import { rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import type { DatasetManifest } from "../../schemas/generated/plugin-manifest.ts";
import type { Protocol, ProtocolSearch } from "../../schemas/generated/protocol.ts";
import type { Recipe } from "../../schemas/generated/recipe.ts";
import type { TablePlan } from "../../schemas/generated/table-plan.ts";
import { editJson, editText, writeNewDataset } from "../helpers/new-dataset.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";
import { madeCheck, madeChecks, namesOf } from "./made-checks.ts";

const fresh = () => writeNewDataset(path.join(temporaryFolder(), "my-dataset"));

/** Changes of one of the files. */
const plan = (change: (plan: TablePlan) => void) => (folder: string) =>
  editJson(path.join(folder, "table-plan.json"), change);
const recipe = (change: (recipe: Recipe) => void) => (folder: string) =>
  editJson(path.join(folder, "recipes/short.json"), change);
const protocol = (change: (protocol: Protocol, search: ProtocolSearch) => void) => (folder: string) =>
  editJson<Protocol>(path.join(folder, "protocol.json"), (own) => change(own, own.searches[0]!));

test.each<[string, (folder: string) => void, shown: RegExp]>([
  [
    "names a recipe that is not there",
    plan((own) => {
      own.parts[0]!.recipe = "recipes/long.json";
    }),
    /^there is no such file \(.*long\.json\)$/,
  ],
  [
    "names a recipe outside of its folder",
    (folder) => {
      writeNewDataset(path.join(folder, "../other"));
      plan((own) => {
        own.parts[0]!.recipe = "../other/recipes/full.json";
      })(folder);
    },
    /^table-plan\.json names \.\.\/other\/recipes\/full\.json, which is not inside the plugin's folder$/,
  ],
  [
    "has two recipes of one id",
    recipe((own) => {
      own.id = "full";
    }),
    /^two recipes have the id full /,
  ],
  [
    "has a plan that is no JSON",
    (folder) => writeFileSync(path.join(folder, "table-plan.json"), "{"),
    /not valid JSON/,
  ],
  [
    "has a recipe of nine channels",
    recipe((own) => {
      own.network.channels = 9;
    }),
    /^the document has 1 fault \(.*short\.json; network\.channels/,
  ],
  [
    "normalises two channels of one",
    recipe((own) => {
      own.normalization.mean = [1, 2];
    }),
    /^recipe short: the recipe's normalization\.mean has 2 values, the images have 1 channels/,
  ],
  [
    "has a recipe that diverges",
    recipe((own) => {
      own.optimiser.learningRate = 1e9;
    }),
    /^recipe short: it diverges: after one step a loss is no number$/,
  ],
  [
    "has images that can't be halved twice",
    (folder) => {
      editText(path.join(folder, "index.ts"), "[SIZE, CLASSES] = [8, 4]", "[SIZE, CLASSES] = [6, 4]");
      editText(path.join(folder, "plugin.json"), '"size": 8', '"size": 6');
    },
    /^recipe full: images of 6x6 pixels can't be trained on/,
  ],
])("a dataset that %s fails the check of recipes", async (_, change, shown) => {
  const folder = fresh();
  change(folder);
  const results = await madeChecks(folder, ["images", "recipes", "protocol"]);
  expect(namesOf(results, "failed")).toEqual(["recipes"]);
  expect(results[1]?.reasons[0]).toMatch(shown);
});

test("a recipe that normalises by other values than the pixels' is told, and is no fault", async () => {
  const folder = fresh();
  const change = recipe((own) => {
    own.normalization = { mean: [0], deviation: [1] };
  });
  change(folder);
  expect(await madeCheck(folder, "recipes")).toMatchObject({
    outcome: "passed",
    reasons: [expect.stringMatching(/^recipe short normalises channel 0 .*: mean 112\.\d, deviation 61\.\d$/)],
  });
});

test("recipes are not trained on labels that are no classes", async () => {
  const folder = fresh();
  editText(path.join(folder, "index.ts"), "image % CLASSES", "image % 200");
  expect(await madeCheck(folder, "recipes")).toMatchObject({
    outcome: "skipped",
    reasons: ["they can be read, but images to train on can't"],
  });
});

test.each<[string, (folder: string) => void, shown: string]>([
  [
    "searches another dataset",
    protocol((_, search) => {
      search.dataset = "fashion-mnist-8x8";
    }),
    "search my-dataset: it searches the dataset fashion-mnist-8x8, not my-dataset",
  ],
  [
    "reports another dataset",
    protocol((_, search) => {
      search.report[1]!.dataset = "cifar10";
    }),
    "search my-dataset: column my-dataset.test reports the dataset cifar10, not my-dataset",
  ],
  [
    "searches by a recipe that the plan has not",
    protocol((_, search) => {
      search.recipe = "long";
    }),
    "search my-dataset: it searches the recipe long; the plan has full, short",
  ],
  [
    "searches beyond a recipe's epochs",
    protocol((_, search) => {
      search.fidelities.push(3);
    }),
    "search my-dataset: it searches epoch 3 of the recipe short, which has 2",
  ],
  [
    "reports an epoch beyond a recipe's",
    protocol((_, search) => {
      search.report[0]!.epoch = 5;
    }),
    "search my-dataset: column my-dataset.valid reports epoch 5 of the recipe full, which has 4",
  ],
  [
    "names another table",
    protocol((own) => {
      own.table = "nas-bench-201";
    }),
    "it names the table nas-bench-201, the plan my-dataset",
  ],
  [
    "is called as a built-in one",
    protocol((own) => {
      own.id = "nats-bench";
    }),
    "its id nats-bench is that of a built-in protocol: results of the two could not be told apart",
  ],
  [
    "can't pay for an evaluation",
    protocol((_, search) => {
      search.budget.limit = 5000;
    }),
    "search my-dataset: the budget pays for 1.0 evaluations of mean cost at epoch 2 (5052.0 ms each)",
  ],
  [
    "contradicts itself",
    protocol((_, search) => {
      search.answerEpochs = 7;
    }),
    "protocol my-dataset contradicts itself",
  ],
  [
    "breaks its schema",
    protocol((own) => {
      own.runs = 0;
    }),
    "the document has 1 fault",
  ],
  ["is not there", (folder) => rmSync(path.join(folder, "protocol.json")), "there is no such protocol file"],
  [
    "is a built-in one of another benchmark",
    (folder) =>
      editJson<DatasetManifest>(path.join(folder, "plugin.json"), (own) => {
        own.protocol = "nats-bench";
      }),
    "it names the table nas-bench-201, the plan my-dataset",
  ],
])("a dataset whose protocol %s fails the check of it", async (_, change, shown) => {
  const folder = fresh();
  change(folder);
  const results = await madeChecks(folder, ["manifest", "protocol"]);
  expect(namesOf(results, "failed")).toEqual(["protocol"]);
  expect(results[1]?.reasons[0]).toContain(shown);
});

test("a protocol is only read where there is no plan, and not compared with one that is broken", async () => {
  const folder = fresh();
  writeFileSync(path.join(folder, "table-plan.json"), "{}");
  expect(await madeCheck(folder, "protocol")).toMatchObject({ outcome: "skipped" });
  rmSync(path.join(folder, "table-plan.json"));
  const results = await madeChecks(folder, ["recipes", "protocol"]);
  expect(results).toMatchObject([
    { outcome: "skipped", reasons: [expect.stringContaining("nothing is trained on it")] },
    { outcome: "passed", reasons: ["there is no plan to compare it with"] },
  ]);
});

test("a budget in evaluations needs no look at costs", async () => {
  const folder = fresh();
  const change = protocol((_, search) => {
    search.budget = { kind: "evaluations", limit: 50, crossing: "reject" };
  });
  change(folder);
  expect(await madeCheck(folder, "protocol")).toMatchObject({ outcome: "passed", reasons: [] });
});
