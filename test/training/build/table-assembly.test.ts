import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { tableFromIPC, tableToIPC } from "apache-arrow";
import { beforeAll, describe, expect, test } from "vitest";
import { classMembers, classOf, classRepresentatives } from "../../../core/space/classes.ts";
import { valueAt } from "../../../core/tables/column.ts";
import { openSearchView, readCard } from "../../../core/tables/search-view.ts";
import { checkTable } from "../../../core/tables/table-check.ts";
import { openTestView } from "../../../core/tables/test-view.ts";
import type { TrialLookup } from "../../../core/tables/trial-lookup.ts";
import { fingerprintParts } from "../../../core/training/build/part-inputs.ts";
import { formatTrial } from "../../../core/training/build/trial-line.ts";
import { storeFile } from "../../../core/training/build/trial-store.ts";
import { simulatedMs } from "../../../core/training/cost-model.ts";
import { networkMacs } from "../../../core/training/network-macs.ts";
import { networkShape, trainedEdges } from "../../../core/training/trial.ts";
import type { TableCard } from "../../../schemas/generated/table-card.ts";
import { contentOf, filesBelow } from "../../helpers/folder-content.ts";
import { harnessErrorOf } from "../../helpers/harness-error-of.ts";
import { sharedTemporaryFolder, temporaryFolder } from "../../helpers/temporary-folder.ts";
import { TOY_ARCHITECTURES, TOY_DATASET, TOY_RECIPES, toyImages, toyPlan } from "../../helpers/toy-dataset.ts";
import { assembleToy, madeUpTrial, writeMadeUpTrials } from "./built-trials.ts";

const PLAN = toyPlan(TOY_RECIPES, [7, 2]);
const CLASSES = classRepresentatives();
const folder = sharedTemporaryFolder();
const work = path.join(folder, "work");
const table = path.join(folder, "table");
let card: TableCard;

beforeAll(() => {
  writeMadeUpTrials(work, PLAN.parts, CLASSES);
  card = assembleToy(work, table, PLAN, CLASSES);
});

/** Row of an architecture's trial. */
function rowOf(lookup: TrialLookup, architecture: number, seed: number): number {
  const [start, end] = lookup.rowsOf(architecture);
  const row = lookup.table.rows.trialSeed.slice(start, end).indexOf(seed) + start;
  expect(row).toBeGreaterThanOrEqual(start);
  return row;
}

describe("a table of all classes", () => {
  test("passes every check of table check, is keyed by class, and has files of their own for each seed", () => {
    expect(checkTable(table, card).filter(({ result }) => result !== "ok")).toEqual([]);
    expect(readCard(table)).toEqual(card);
    expect(filesBelow(table)).toEqual(
      ["full", "short"]
        .flatMap((recipe) => ["search-2", "search-7", "test-2", "test-7"].map((name) => `toy/${recipe}/${name}.arrow`))
        .concat("table.json")
        .sort(),
    );
  });

  test("says in its card what it is and how to train it again", () => {
    expect(card).toMatchObject({
      id: "toy-table",
      version: "0.1.0",
      benchmark: "toy",
      keyedBy: "class",
      provenance: { description: "Trained in a test." },
      training: {
        dataset: { name: TOY_DATASET.name, version: TOY_DATASET.version },
        recipes: TOY_RECIPES,
        cost: PLAN.plan.cost,
      },
    });
    expect(card.datasets).toHaveLength(1);
    const [dataset] = card.datasets;
    expect(dataset).toMatchObject({ id: "toy", title: "Toy", classes: 3, imageSize: 8 });
    expect(dataset!.recipes.map(({ id, epochs, seeds }) => ({ id, epochs, seeds }))).toEqual([
      { id: "short", epochs: 2, seeds: [2, 7] },
      { id: "full", epochs: 2, seeds: [2, 7] },
    ]);
    for (const { columns } of dataset!.recipes) {
      expect(columns.map(({ name, view, epochs }) => [name, view, epochs])).toEqual([
        ["trainAccuracy", "search", [1, 2]],
        ["trainLoss", "search", [1, 2]],
        ["validAccuracy", "search", [1, 2]],
        ["validLoss", "search", [1, 2]],
        ["trainMs", "search", "constant"],
        ["validMs", "search", [1, 2]],
        ["testAccuracy", "test", [1, 2]],
        ["testLoss", "test", [1, 2]],
      ]);
    }
  });

  test("gives each trial back by any member of its class: curves, and the hash of its weights", () => {
    const view = openSearchView(table);
    for (const { id } of TOY_RECIPES) {
      const search = view.trials("toy", id);
      const tests = openTestView(table, card, "toy", id);
      for (const architecture of [...TOY_ARCHITECTURES, 29, 15_624]) {
        for (const seed of [2, 7]) {
          const { result } = madeUpTrial(classOf(architecture), 2, seed);
          const row = rowOf(search, architecture, seed);
          expect(search.table.rows.weightsSha256?.[row]).toBe(result.weightsSha256);
          for (const split of ["train", "valid", "test"] as const) {
            const lookup = split === "test" ? tests : search;
            const own = rowOf(lookup, architecture, seed);
            for (const [kind, values] of Object.entries(result.curves[split])) {
              const name = kind === "loss" ? (`${split}Loss` as const) : (`${split}Accuracy` as const);
              const column = lookup.column(name)!;
              expect([0, 1].map((item) => valueAt(column, own, item))).toEqual([...values]);
            }
          }
        }
      }
      expect(tests.table.rows.weightsSha256, "one copy is enough").toBeUndefined();
    }
  });

  test("has costs by the model: whole milliseconds, equal for seeds and within a class", () => {
    const view = openSearchView(table);
    const [short] = TOY_RECIPES;
    const search = view.trials("toy", "short");
    const [train, valid] = [search.column("trainMs")!, search.column("validMs")!];
    for (const column of [train, valid]) expect(column.values.every(Number.isInteger)).toBe(true);
    const shape = networkShape(short!, toyImages().train);
    for (const architecture of CLASSES.filter((_, at) => at % 50 === 0)) {
      const macs = networkMacs(shape, trainedEdges(architecture));
      for (const member of classMembers(architecture)) {
        const [start, end] = search.rowsOf(member);
        expect(end - start).toBe(2);
        for (let row = start; row < end; row++) {
          expect(valueAt(train, row, 0)).toBe(simulatedMs(PLAN.plan.cost, macs, { trained: 32 }));
          // On twelve images after the first epoch, on all after the last.
          expect(valueAt(valid, row, 0)).toBe(simulatedMs(PLAN.plan.cost, macs, { evaluated: 12 }));
          expect(valueAt(valid, row, 1)).toBe(simulatedMs(PLAN.plan.cost, macs, { evaluated: 24 }));
        }
      }
    }
    // 1,000 us a pass and more: not the zeros of a model that rounds everything away.
    expect(Math.min(...train.values)).toBeGreaterThan(96);
    expect(new Set(train.values).size).toBeGreaterThan(10);
  });
});

test("shards whose lines are in another order give a table of the same bytes", () => {
  const some = CLASSES.filter((_, at) => at % 20 === 0);
  const [at, shards] = [path.join(temporaryFolder(), "one"), path.join(temporaryFolder(), "two")];
  writeMadeUpTrials(at, PLAN.parts, some);
  const turned = [...some].reverse();
  // Some lie in both.
  writeMadeUpTrials(
    shards,
    PLAN.parts,
    turned.filter((own) => own % 3 !== 0),
    { index: 2, count: 2 },
  );
  writeMadeUpTrials(
    shards,
    PLAN.parts,
    turned.filter((own) => own % 3 === 0 || own % 2 === 0),
    { index: 1, count: 2 },
  );
  const made = [at, shards].map((from) => assembleToy(from, `${from}-table/`, PLAN, some));
  expect(made[1]!.searchContentHash).toBe(made[0]!.searchContentHash);
  expect(contentOf(`${shards}-table`)).toEqual(contentOf(`${at}-table`));
});

describe("seeds that are not complete", () => {
  const [short, full] = TOY_RECIPES as [(typeof TOY_RECIPES)[0], (typeof TOY_RECIPES)[0]];

  test("are left out, and so are recipes without a complete one", () => {
    const own = temporaryFolder();
    writeMadeUpTrials(own, [{ recipe: short, seed: 2 }], TOY_ARCHITECTURES);
    writeMadeUpTrials(own, [{ recipe: short, seed: 7 }], TOY_ARCHITECTURES.slice(1));
    writeMadeUpTrials(own, [{ recipe: full, seed: 7 }], TOY_ARCHITECTURES.slice(0, 4));
    const made = assembleToy(own, path.join(temporaryFolder(), "table"), PLAN);
    expect(made.datasets[0]!.recipes.map(({ id, seeds }) => ({ id, seeds }))).toEqual([{ id: "short", seeds: [2] }]);
    expect(made.training?.recipes).toEqual([short]);
  });

  test("a broken line makes a seed incomplete", () => {
    const own = temporaryFolder();
    const parts = [2, 7].map((seed) => ({ recipe: short, seed }));
    writeMadeUpTrials(own, parts, TOY_ARCHITECTURES);
    const file = storeFile(own, parts[1]!, null);
    writeFileSync(file, readFileSync(file, "utf8").replace("curves", "curved"));
    const made = assembleToy(own, path.join(temporaryFolder(), "table"), PLAN);
    expect(made.datasets[0]!.recipes.map(({ seeds }) => seeds)).toEqual([[2]]);
  });

  test("without any complete seed there is no table", () => {
    const own = temporaryFolder();
    const output = path.join(temporaryFolder(), "table");
    writeMadeUpTrials(own, PLAN.parts, TOY_ARCHITECTURES.slice(1));
    const error = harnessErrorOf(() => assembleToy(own, output, PLAN));
    expect(error.code).toBe("NAS_SHARDS_INCOMPLETE");
    expect(error.details.where).toBe(own);
    expect(existsSync(output)).toBe(false);
  });

  test("trainings beyond the wanted ones do not get in", () => {
    const own = temporaryFolder();
    writeMadeUpTrials(own, [{ recipe: short, seed: 2 }], [1, 2, ...TOY_ARCHITECTURES]);
    const output = path.join(temporaryFolder(), "table");
    assembleToy(own, output, PLAN);
    const { rows } = openSearchView(output).trials("toy", "short").table;
    expect([...rows.architecture]).toEqual(TOY_ARCHITECTURES);
  });

  test("trainings of an older recipe are refused", () => {
    const own = temporaryFolder();
    writeMadeUpTrials(own, [{ recipe: { ...short, batchSize: 4 }, seed: 2 }], TOY_ARCHITECTURES);
    const error = harnessErrorOf(() => assembleToy(own, path.join(temporaryFolder(), "table"), PLAN));
    expect(error.code).toBe("NAS_RESUME_MISMATCH");
  });
});

test("a loss that is no number is kept as NaN, with its accuracy beside it", () => {
  const own = temporaryFolder();
  const parts = [{ recipe: TOY_RECIPES[0]!, seed: 2 }];
  writeMadeUpTrials(own, parts, TOY_ARCHITECTURES.slice(1));
  const [part] = fingerprintParts(parts, toyImages());
  const diverged = madeUpTrial(0, 2, 2);
  diverged.result.curves.valid.loss.set([Number.POSITIVE_INFINITY, Number.NaN]);
  const file = storeFile(own, part!, null);
  writeFileSync(file, `${readFileSync(file, "utf8")}${formatTrial(diverged, part!.inputs)}\n`);
  const output = path.join(temporaryFolder(), "table");
  assembleToy(own, output, PLAN);
  const lookup = openSearchView(output).trials("toy", "short");
  expect([...lookup.column("validLoss")!.values.subarray(0, 2)]).toEqual([Number.POSITIVE_INFINITY, Number.NaN]);
  expect([...lookup.column("validAccuracy")!.values.subarray(0, 2)]).toEqual([
    ...diverged.result.curves.valid.accuracy,
  ]);
  const values = checkTable(output, readCard(output)).filter(({ check }) => check === "values");
  expect(values.filter(({ result }) => result !== "ok")).toEqual([]);
  expect(values.find(({ subject }) => subject.endsWith("validLoss"))?.found).toMatch(/, 2 diverged$/);
  const { training: _, ...imported } = readCard(output);
  const problems = checkTable(output, imported).flatMap(({ problems: own }) => own);
  expect(problems).toContainEqual(expect.stringMatching(/^2 of \d+ values out of range, the first: Infinity of/));
});

test("its files are compressed as Arrow defines it", () => {
  const bytes = card.datasets.flatMap(({ recipes }) => recipes.flatMap(({ files }) => files));
  for (const file of bytes) {
    const content = readFileSync(path.join(table, file.path));
    const plain = tableToIPC(tableFromIPC(content), "file");
    expect(content.length).toBeLessThan(0.8 * plain.length);
    expect(tableFromIPC(plain).numRows).toBe(CLASSES.length);
  }
});

describe("the output", () => {
  const assemble = (output: string) => () => assembleToy(work, output, PLAN);

  test("that holds a table already is left alone", () => {
    const before = contentOf(table);
    expect(harnessErrorOf(assemble(table)).code).toBe("NAS_OUTPUT_EXISTS");
    expect(contentOf(table)).toEqual(before);
  });

  test("that is no table is never replaced", () => {
    const output = path.join(temporaryFolder(), "thesis");
    mkdirSync(output);
    writeFileSync(path.join(output, "chapter-1.txt"), "years of work");
    expect(harnessErrorOf(assemble(output)).code).toBe("NAS_OUTPUT_EXISTS");
    expect(filesBelow(output)).toEqual(["chapter-1.txt"]);
  });
});
