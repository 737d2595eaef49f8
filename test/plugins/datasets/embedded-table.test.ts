import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { locateDataset } from "../../../core/plugins/dataset-splits.ts";
import { readTablePlan } from "../../../core/plugins/table-plan-file.ts";
import { loadProtocol } from "../../../core/protocols/protocol-file.ts";
import { openTableForProtocol } from "../../../core/records/session.ts";
import { classOf } from "../../../core/space/classes.ts";
import { ARCHITECTURE_COUNT } from "../../../core/space/operations.ts";
import { openSearchView } from "../../../core/tables/search-view.ts";
import { StoredTrials } from "../../../core/training/build/stored-trials.ts";
import { EMBEDDED_TABLE } from "../../helpers/embedded-table.ts";
import { REPOSITORY } from "../../helpers/shared-data.ts";

const plugin = locateDataset("fashion-mnist-8x8");
const { plan, recipes } = readTablePlan(plugin.folder);
const { card } = openSearchView(EMBEDDED_TABLE);
const classes = Array.from({ length: ARCHITECTURE_COUNT }, (_, at) => at).filter((at) => classOf(at) === at);

/** Bytes of all files below a folder. */
function bytesBelow(folder: string): number {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.reduce((sum, { parentPath, name }) => sum + statSync(path.join(parentPath, name)).size, 0);
}

describe("the table that comes with the harness", () => {
  test("is the whole plan of its dataset: every class, recipe and seed once, with the weights' hash", () => {
    const { description: _, ...identity } = plan.table;
    expect(card).toMatchObject({ ...identity, version: "1.0.0" });
    expect(card.training?.dataset).toEqual({ name: plugin.manifest.name, version: plugin.manifest.version });
    expect(card.training?.recipes).toEqual(recipes);
    expect(card.training?.cost).toEqual(plan.cost);
    const stored = new StoredTrials(EMBEDDED_TABLE, card);
    const tasks = stored.tasks();
    const keys = tasks.map(({ part, architecture }) => `${part.recipe.id} ${part.seed} ${architecture}`);
    const planned = [...recipes].flatMap((recipe, at) =>
      (plan.parts[at]?.seeds ?? []).flatMap((seed) => classes.map((own) => `${recipe.id} ${seed} ${own}`)),
    );
    expect(planned).toHaveLength(32_330);
    expect([...keys].sort()).toEqual([...planned].sort());
    const hashes = tasks.map((task) => stored.result(task).weightsSha256);
    for (const hash of hashes) expect(hash).toMatch(/^[0-9a-f]{64}$/);
  });

  test("serves its protocol, and takes at most 12 MB with the images", () => {
    expect(loadProtocol("fashion-mnist-8x8").version).toBe("1.0.0");
    expect(openTableForProtocol(loadProtocol("fashion-mnist-8x8"), undefined).folder).toBe(EMBEDDED_TABLE);
    expect(bytesBelow(plugin.folder)).toBeLessThanOrEqual(12_000_000);
  });

  test("is the one that its datasheet describes", () => {
    const datasheet = readFileSync(path.join(REPOSITORY, "docs/benchmark-fashion-mnist-8x8.md"), "utf8");
    expect(datasheet).toContain(`\`${card.searchContentHash}\``);
    expect(datasheet).not.toContain("**This table is incomplete.**");
  });
});
