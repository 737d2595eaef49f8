import { cpSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, expect, test } from "vitest";
import { buildTable } from "../../core/cli/table-build.ts";
import { classRepresentatives } from "../../core/space/classes.ts";
import type { DatasetManifest } from "../../schemas/generated/plugin-manifest.ts";
import type { Protocol } from "../../schemas/generated/protocol.ts";
import type { TableCard } from "../../schemas/generated/table-card.ts";
import type { TablePlan } from "../../schemas/generated/table-plan.ts";
import { filesBelow } from "../helpers/folder-content.ts";
import { editJson, writeNewDataset } from "../helpers/new-dataset.ts";
import { sharedTemporaryFolder, temporaryFolder } from "../helpers/temporary-folder.ts";
import { toyPlan, toyRecipe, writeToyDataset } from "../helpers/toy-dataset.ts";
import { writeMadeUpTrials } from "../training/build/built-trials.ts";
import { madeCheck } from "./made-checks.ts";

const folder = sharedTemporaryFolder();
const built = path.join(folder, "toy");

/** The toy dataset with its table, of trainings that are made up, and a protocol. */
beforeAll(async () => {
  const plan = toyPlan([toyRecipe()], [1]);
  writeToyDataset(built, plan);
  const work = path.join(folder, "work");
  writeMadeUpTrials(work, plan.parts, classRepresentatives());
  await buildTable(built, { jobs: "1", work, output: path.join(built, "table"), finished: true });
  editJson<DatasetManifest>(path.join(built, "plugin.json"), (manifest) => {
    Object.assign(manifest, { table: "table", protocol: "protocol.json" });
  });
  const other = writeNewDataset(path.join(folder, "other"), "toy");
  editJson<Protocol>(path.join(other, "protocol.json"), (protocol) => {
    for (const column of protocol.searches[0]!.report) Object.assign(column, { recipe: "short", epoch: 2 });
  });
  cpSync(path.join(other, "protocol.json"), path.join(built, "protocol.json"));
});

function copy(): string {
  const own = path.join(temporaryFolder(), "toy");
  cpSync(built, own, { recursive: true });
  return own;
}

test("a table that was built by the plan passes, and seeds that it lacks are told", async () => {
  expect(await madeCheck(built, "table")).toMatchObject({ outcome: "passed", reasons: [] });
  const own = copy();
  editJson<TablePlan>(path.join(own, "table-plan.json"), (plan) => {
    plan.parts[0]!.seeds = [1, 2, 7];
  });
  const reasons = ["of recipe short it lacks the seeds 2, 7 that the plan has"];
  expect(await madeCheck(own, "table")).toMatchObject({ outcome: "passed", reasons });
});

const edit =
  <Document>(file: string, change: (document: Document) => void) =>
  (own: string) =>
    editJson<Document>(path.join(own, file), change);

test.each<[string, (own: string) => void, shown: string]>([
  [
    "of another version of the dataset",
    edit<DatasetManifest>("plugin.json", (manifest) => {
      manifest.version = "2.0.0";
    }),
    "it is trained on version 1.0.0; this is 2.0.0",
  ],
  [
    "of another dataset",
    edit<DatasetManifest>("plugin.json", (manifest) => {
      manifest.name = "other";
    }),
    "it has no dataset other; it has toy",
  ],
  [
    "trained on another dataset than it says",
    edit<TableCard>("table/table.json", (card) => {
      card.training!.dataset.name = "other";
    }),
    "it is trained on the dataset other; this is toy",
  ],
  [
    "of images of another size",
    edit<TableCard>("table/table.json", (card) => {
      card.datasets[0]!.imageSize = 28;
    }),
    "it is of images of size 28; this is 8",
  ],
  [
    "of another version than the plan's",
    edit<TablePlan>("table-plan.json", (plan) => {
      plan.table.version = "9.0.0";
    }),
    "its version is 0.1.0, the plan says 9.0.0",
  ],
  [
    "of a recipe that has changed",
    edit("recipes/short.json", (recipe: { batchSize: number }) => {
      recipe.batchSize = 8;
    }),
    "its recipe short is not the one that the plan has now",
  ],
  [
    "of a recipe that is gone",
    edit("recipes/short.json", (recipe: { id: string }) => {
      recipe.id = "shorter";
    }),
    "its recipe short is none of the plan's",
  ],
  [
    "of other costs",
    edit<TablePlan>("table-plan.json", (plan) => {
      plan.cost.fixedUs = 1;
    }),
    "its costs are by other constants than the plan has now",
  ],
  [
    "that was not trained",
    edit<TableCard>("table/table.json", (card) => {
      delete card.training;
    }),
    "it was not trained by table build",
  ],
  [
    "with a broken file",
    (own) => {
      const file = filesBelow(path.join(own, "table")).find((name) => name.includes("test")) as string;
      const bytes = readFileSync(path.join(own, "table", file));
      writeFileSync(path.join(own, "table", file), bytes.subarray(0, -1));
    },
    "table check fails: ",
  ],
  [
    "without a card that can be read",
    (own) => writeFileSync(path.join(own, "table/table.json"), "{"),
    "not valid JSON",
  ],
  [
    "that lacks what the protocol reports",
    edit<Protocol>("protocol.json", (protocol) => {
      protocol.searches[0]!.report[0]!.recipe = "full";
    }),
    "full",
  ],
  [
    "of another benchmark than the protocol's",
    edit<Protocol>("protocol.json", (protocol) => {
      protocol.table = "nas-bench-201";
    }),
    "the table belongs to benchmark toy, the protocol asks for nas-bench-201",
  ],
])("a table %s fails the check", async (_, change, shown) => {
  const own = copy();
  change(own);
  const { outcome, reasons } = await madeCheck(own, "table");
  expect(outcome).toBe("failed");
  expect(reasons.join("\n")).toContain(shown);
});

test("a table that is not there, or not named, is skipped", async () => {
  const own = writeNewDataset(path.join(temporaryFolder(), "my-dataset"));
  expect(await madeCheck(own, "table")).toMatchObject({
    outcome: "skipped",
    reasons: [expect.stringContaining("nas-harness table build makes it")],
  });
  editJson<DatasetManifest>(path.join(own, "plugin.json"), (manifest) => {
    delete manifest.table;
  });
  expect(await madeCheck(own, "table")).toMatchObject({ outcome: "skipped", reasons: ["the manifest names no table"] });
});
