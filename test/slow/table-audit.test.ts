import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, inject, test } from "vitest";
import { encodeTrials } from "../../core/tables/arrow-file.ts";
import type { MetricName, TrialTable } from "../../core/tables/column.ts";
import { searchContentHash } from "../../core/tables/content-hash.ts";
import { readCard } from "../../core/tables/search-view.ts";
import { readTrials } from "../../core/tables/trial-file.ts";
import { requireTrained, StoredTrials } from "../../core/training/build/stored-trials.ts";
import { type AuditOptions, auditTable } from "../../core/training/build/table-audit.ts";
import type { TableCard } from "../../schemas/generated/table-card.ts";
import { harnessErrorOf } from "../helpers/harness-error-of.ts";
import { sharedTemporaryFolder, temporaryFolder } from "../helpers/temporary-folder.ts";
import { DIVERGING_RECIPE, TOY_ARCHITECTURES, TOY_RECIPES, toyImages, toyPlan } from "../helpers/toy-dataset.ts";
import { assembleToy, buildToy } from "../training/build/built-trials.ts";

const PLAN = toyPlan([TOY_RECIPES[0]!, DIVERGING_RECIPE], [1, 2]);
const TRIALS = PLAN.parts.length * TOY_ARCHITECTURES.length;
const work = sharedTemporaryFolder();

beforeAll(async () => {
  await buildToy(work, { jobs: 2 }, PLAN);
});

function toyTable(): string {
  const folder = path.join(temporaryFolder(), "table");
  assembleToy(work, folder, PLAN);
  return folder;
}

function audit(folder: string, options: Partial<AuditOptions> = {}) {
  const settings = { folder, card: readCard(folder), images: toyImages(), sample: TRIALS, seed: "1", jobs: 1 };
  return auditTable({ ...settings, ...options });
}

/**
 * Changes one view of recipe short, seed 1, and makes the card agree in everything, as a forger would.
 * @param change gets the view's trials, whose arrays it may write
 */
function forge(folder: string, view: "search" | "test", change: (trials: TrialTable) => TrialTable): void {
  const card = readCard(folder);
  const recipe = card.datasets[0]!.recipes.find(({ id }) => id === "short")!;
  const file = recipe.files.find((own) => own.path === `toy/short/${view}-1.arrow`)!;
  const alone = (own: TableCard): TableCard => {
    const copy = structuredClone(own);
    copy.datasets[0]!.recipes.find(({ id }) => id === "short")!.files = [file];
    return copy;
  };
  const bytes = encodeTrials(change(readTrials(folder, alone(card), "toy", "short", view)));
  writeFileSync(path.join(folder, file.path), bytes);
  file.bytes = bytes.length;
  file.sha256 = createHash("sha256").update(bytes).digest("hex");
  const contents = card.datasets[0]!.recipes.map(({ id }) => ({
    dataset: "toy",
    recipe: id,
    table: readTrials(folder, card, "toy", id, "search"),
  }));
  card.searchContentHash = searchContentHash(contents);
  writeFileSync(path.join(folder, "table.json"), JSON.stringify(card));
}

/** Moves one value of a metric by a bit. */
function flipBit(trials: TrialTable, name: MetricName, at: number): TrialTable {
  const { values } = trials.columns.find((column) => column.name === name)!;
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  bits[at] = bits[at]! ^ 1;
  return trials;
}

const different = (audited: Awaited<ReturnType<typeof auditTable>>) =>
  audited.filter(({ differences }) => differences.length > 0);

describe("an audit", () => {
  test("of all trials passes, those that diverged too, and tells of each", async () => {
    const folder = toyTable();
    const heard: unknown[] = [];
    const audited = await audit(folder, { jobs: 2, onAudited: (trial) => heard.push(trial) });
    expect(audited).toHaveLength(TRIALS);
    expect(different(audited)).toEqual([]);
    expect(new Set(heard)).toEqual(new Set(audited));
    const names = audited.map(({ recipe, seed, architecture }) => `${recipe}-${seed}-${architecture}`);
    const all = PLAN.parts.flatMap(({ recipe, seed }) => TOY_ARCHITECTURES.map((own) => `${recipe.id}-${seed}-${own}`));
    expect([...names].sort()).toEqual(all.sort());

    // Another seed draws others.
    const sample = await audit(folder, { sample: 5, seed: "2" });
    expect(sample).toHaveLength(5);
    expect(sample).not.toEqual(audited.slice(0, 5));
  });

  test("finds changed values and weights although the card agrees with them, and names them", async () => {
    const folder = toyTable();
    // Rows are the architectures in order, two epochs each.
    forge(folder, "search", (trials) => {
      const { rows, columns } = flipBit(trials, "validAccuracy", 5);
      const weightsSha256 = rows.weightsSha256!.map((own, row) => (row === 3 ? "0".repeat(64) : own));
      return { rows: { ...rows, weightsSha256 }, columns };
    });
    forge(folder, "test", (trials) => flipBit(trials, "testAccuracy", 0));
    const found = different(await audit(folder)).sort((a, b) => a.architecture - b.architecture);
    expect(found.map(({ recipe, seed }) => [recipe, seed])).toEqual(Array(3).fill(["short", 1]));
    expect(found.map(({ architecture }) => architecture)).toEqual([0, 19, 1462]);
    for (const [at, difference] of [
      /^test accuracy after epoch 1: stored [\d.]+, trained again [\d.]+$/,
      /^valid accuracy after epoch 2: stored [\d.]+, trained again [\d.]+$/,
      /^weights: stored 0{64}, trained again [0-9a-f]{64}$/,
    ].entries()) {
      expect(found[at]!.differences).toEqual([expect.stringMatching(difference)]);
    }
  });

  test("refuses a table that was not trained here", async () => {
    const table = inject("generatedTable");
    await expect(audit(table)).rejects.toMatchObject({ code: "NAS_TABLE_REFUSED", details: { where: table } });
    expect(harnessErrorOf(() => requireTrained(table, readCard(table))).details.what).toContain("was not trained");
  });

  test("does not read a file that its card disowns", async () => {
    const folder = toyTable();
    const file = path.join(folder, "toy/short/search-1.arrow");
    const bytes = readFileSync(file);
    bytes[bytes.length >> 1] = bytes[bytes.length >> 1]! ^ 1;
    writeFileSync(file, bytes);
    await expect(audit(folder)).rejects.toMatchObject({ code: "NAS_TABLE_CORRUPT", details: { where: file } });
  });
});

describe("a stored trial", () => {
  test.each([
    ["another seed", "short", 3, 19, "no trial of recipe short, seed 3, for architecture 19", "seeds 1, 2"],
    ["another class", "short", 1, 5, "no trial of recipe short, seed 1, for architecture 5", "an architecture"],
    ["another recipe", "full", 1, 19, 'no recipe "full"', "short, wild"],
  ])("of %s is not recorded, which is said", (_, id, seed, architecture, what, allowed) => {
    const folder = toyTable();
    const stored = new StoredTrials(folder, readCard(folder));
    const part = { recipe: { ...TOY_RECIPES[0]!, id }, seed };
    const error = harnessErrorOf(() => stored.result({ part, architecture }));
    expect(error.code).toBe("NAS_NOT_RECORDED");
    expect(error.details.what).toContain(what);
    expect(error.details.allowed).toContain(allowed);
  });

  test("says whether the training diverged", () => {
    const folder = toyTable();
    const stored = new StoredTrials(folder, readCard(folder));
    const diverged = (recipe: (typeof TOY_RECIPES)[0]) =>
      stored.result({ part: { recipe, seed: 1 }, architecture: 1462 }).hasDiverged;
    expect(diverged(TOY_RECIPES[0]!)).toBe(false);
    expect(diverged(DIVERGING_RECIPE)).toBe(true);
  });
});
