import { rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { type MethodFigures, methodFigures } from "../../../core/cli/datasheet/method-figures.ts";
import { readMethodResults } from "../../../core/cli/datasheet/method-results.ts";
import { methodSection, methodSummary } from "../../../core/cli/datasheet/method-section.ts";
import { holmAdjusted } from "../../../core/statistics/holm-adjustment.ts";
import { mannWhitney } from "../../../core/statistics/mann-whitney.ts";
import type { TableCard } from "../../../schemas/generated/table-card.ts";
import { harnessErrorOf } from "../../helpers/harness-error-of.ts";
import { sharedTemporaryFolder, temporaryFolder } from "../../helpers/temporary-folder.ts";
import { type MadeUpResults, writeMethodResults } from "../../statistics/method-results.ts";
import { type KnownTraining, writeKnownTable } from "./known-table.ts";
import { TOY_PROTOCOL } from "./toy-protocol.ts";

const folder = sharedTemporaryFolder();
let card: TableCard;

beforeAll(() => {
  const accuracy = ({ architecture, seed }: KnownTraining) => 50 + architecture + seed;
  card = writeKnownTable(folder, { classes: [0, 1, 2], accuracy });
});

/** Writes a method's results on the known table; its test accuracies are given. */
function write(
  output: string,
  method: string,
  values: readonly number[],
  changes: Partial<MadeUpResults> = {},
): string {
  const { id, version, searchContentHash } = card;
  return writeMethodResults(output, {
    method,
    title: method.toUpperCase(),
    protocol: TOY_PROTOCOL,
    table: { id, version, searchContentHash },
    runs: values.map((value) => ({ values: { "toy.valid": 50, "toy.test": value } })),
    summary: false,
    ...changes,
  });
}

const read = (output: string): MethodFigures => methodFigures(readMethodResults(output, card));

const REA = [62, 63, 64, 64, 65, 66, 66, 67];
const RS = [58, 59, 60, 61, 61, 62, 63, 66];
const TABU = [64, 64, 65, 65, 66, 66, 67, 67];

describe("three methods", () => {
  test("every pair is compared by its runs, in each column", () => {
    const output = temporaryFolder();
    write(output, "rs", RS);
    write(output, "rea", REA);
    write(output, "tabu", TABU);
    const { comparisons, unfinished } = read(output);
    expect(unfinished).toEqual([]);
    expect(comparisons.map(({ measure }) => measure)).toEqual([
      { kind: "answer", column: "toy.valid", split: "valid" },
      { kind: "answer", column: "toy.test", split: "test" },
      { kind: "reward" },
    ]);
    const { protocol, search, methods, pairs } = comparisons[1]!;
    expect([protocol, search]).toEqual([{ id: "toy-search", version: "1.0.0" }, "cheap"]);
    expect(methods.map(({ method, runs, failed, mean }) => [method, runs, failed, mean])).toEqual([
      ["tabu", 8, 0, 65.5],
      ["rea", 8, 0, 64.625],
      ["rs", 8, 0, 61.25],
    ]);
    const expected = [mannWhitney(TABU, REA), mannWhitney(TABU, RS), mannWhitney(REA, RS)];
    const adjusted = holmAdjusted(expected.map(({ p }) => p));
    expect(pairs).toEqual([
      { first: "tabu", second: "rea", difference: 0.875, ...expected[0], adjusted: adjusted[0] },
      { first: "tabu", second: "rs", difference: 4.25, ...expected[1], adjusted: adjusted[1] },
      { first: "rea", second: "rs", difference: 3.375, ...expected[2], adjusted: adjusted[2] },
    ]);
    // All validation accuracies are equal: nothing can be told apart.
    for (const pair of comparisons[0]!.pairs) expect(pair).toMatchObject({ p: 1, adjusted: 1, superiority: 0.5 });
  });

  test("the page says which can be told apart, and how far", () => {
    const output = temporaryFolder();
    write(output, "rs", RS);
    write(output, "rea", REA);
    const text = methodSection(read(output)).join("\n");
    const { p, superiority } = mannWhitney(REA, RS);
    expect(p).toBeLessThan(0.05);
    expect(text).toContain(
      `**Taken alone, REA and RS can be told apart by the accuracy of their answers, at the 5 % level** (two-sided p ${p.toFixed(4)}; means 64.63 over 8 runs of REA and 61.25 over 8 runs of RS). A random run of REA ends above one of RS with probability ${superiority.toFixed(3)}, a large effect.`,
    );
    expect(text).toContain(
      "Of 1 pair of methods 1 can be told apart at a joint level of 5 % (Holm), 1 with a large effect;",
    );
    expect(text).not.toContain("toy.valid");
    expect(methodSummary(read(output))[0]).toMatch(/^\*\*Taken alone, REA and RS can be told apart/);
  });

  test("what a run saw at other epochs than those of the answers is no best reward", () => {
    const output = temporaryFolder();
    // Twelve epochs, and the toy protocol chooses answers at two.
    write(output, "rs", RS);
    expect(read(output).comparisons[2]!.methods).toEqual([]);
  });

  test("the best rewards of runs are compared too, and are not mixed up with the answers' accuracies", () => {
    const output = temporaryFolder();
    // Equal answers, but REA saw more.
    const made = (best: readonly number[]) =>
      best.map((value) => ({ values: { "toy.valid": 50, "toy.test": 70 }, rewards: [value - 2, value, value - 1] }));
    write(output, "rs", [], { runs: made(RS) });
    write(output, "rea", [], { runs: made(REA) });
    const figures = read(output);
    const { p, superiority } = mannWhitney(REA, RS);
    const [pair] = figures.comparisons[2]!.pairs;
    expect(pair).toMatchObject({ first: "rea", second: "rs", difference: 3.375, p, superiority });
    const text = methodSection(figures).join("\n");
    expect(text).toContain(
      "**REA and RS can't be told apart by the accuracy of their answers, at the 5 % level** (two-sided p 1.0000; means 70.00 over",
    );
    expect(text).toContain(
      `**Taken alone, REA and RS can be told apart by the best reward that a run saw, at the 5 % level** (two-sided p ${p.toFixed(4)}; means 64.63 over`,
    );
    expect(text).toContain("search `cheap`, best reward");
    expect(methodSummary(figures)).toHaveLength(2);
    expect(methodSummary(figures)[1]).toContain("by the best reward that a run saw");
  });

  test("a failed run's rewards are in no figure", () => {
    const output = temporaryFolder();
    const failure = { code: "NAS_ALGORITHM_THREW", what: "it threw" };
    const runs = RS.map((value) => ({ values: { "toy.valid": 50, "toy.test": value }, rewards: [value] }));
    write(output, "rs", [], { runs: [...runs, { failure, values: {}, rewards: [99] }] });
    expect(read(output).comparisons[2]!.methods[0]).toMatchObject({ runs: 8, failed: 1, mean: 61.25 });
  });
});

test("runs that don't differ are not told apart, and that is said", () => {
  const output = temporaryFolder();
  write(output, "rs", REA);
  write(output, "rea", [...REA].reverse());
  const text = methodSection(read(output)).join("\n");
  expect(text).toContain(
    "**REA and RS can't be told apart by the accuracy of their answers, at the 5 % level** (two-sided p 1.0000;",
  );
  expect(text).toContain("ends above one of RS with probability 0.500, a negligible effect");
  expect(text).toContain("it separates none of them");
});

test("who ends higher more often is said by ranks, even if the other's mean is higher", () => {
  const output = temporaryFolder();
  // One run of RS is far above all others.
  write(output, "rs", [60, 60, 60, 60, 60, 60, 60, 99]);
  write(output, "rea", [61, 61, 61, 61, 61, 61, 61, 61]);
  const [pair] = read(output).comparisons[1]!.pairs;
  expect(pair).toMatchObject({ first: "rs", second: "rea", superiority: 8 / 64 });
  expect(methodSection(read(output)).join("\n")).toContain(
    "A random run of REA ends above one of RS with probability 0.875",
  );
});

test("without results, or without both methods, nothing is claimed", () => {
  expect(methodSection(null).join("\n")).toContain("No results were given");
  expect(methodSummary(null)).toEqual([]);
  const output = temporaryFolder();
  write(output, "rs", RS);
  expect(methodSection(read(output)).join("\n")).toContain("REA and RS are not both among these results.");
});

test("failed runs are counted and in no figure", () => {
  const output = temporaryFolder();
  const failure = { code: "NAS_ALGORITHM_THREW", what: "it threw" };
  const runs = [...RS.map((value) => ({ values: { "toy.valid": 50, "toy.test": value } })), { failure, values: {} }];
  write(output, "rs", [], { runs });
  expect(read(output).comparisons[1]!.methods[0]).toMatchObject({ runs: 8, failed: 1, mean: 61.25 });
  expect(methodSection(read(output)).join("\n")).toContain("| 8 (1 failed) |");
});

test("results on other values are passed over, unfinished ones are named", () => {
  const output = temporaryFolder();
  write(output, "rs", RS);
  const { id, version } = card;
  write(output, "rea", REA, { table: { id, version, searchContentHash: "b".repeat(64) } });
  rmSync(path.join(write(output, "tabu", TABU), "revealed.jsonl"));
  const figures = read(output);
  expect(figures.comparisons[1]!.methods.map(({ method }) => method)).toEqual(["rs"]);
  expect(figures.unfinished).toEqual(["toy-search/tabu"]);
  expect(methodSection(figures).join("\n")).toContain(
    "Left out, because their plan is not complete: `toy-search/tabu`.",
  );
});

describe("refuses", () => {
  test("a folder without results on the table", () => {
    const output = temporaryFolder();
    const { id, version } = card;
    write(output, "rea", REA, { table: { id, version, searchContentHash: "b".repeat(64) } });
    const error = harnessErrorOf(() => readMethodResults(output, card));
    expect(error.code).toBe("NAS_RESULTS_MISSING");
    expect(error.details.what).toContain(card.searchContentHash);
  });

  test("a folder that does not exist", () => {
    const error = harnessErrorOf(() => readMethodResults(path.join(temporaryFolder(), "nowhere"), card));
    expect(error.code).toBe("NAS_FILE_NOT_FOUND");
  });

  test("revealed values of fewer runs than were planned, and runs without a column", () => {
    const output = temporaryFolder();
    const file = path.join(write(output, "rs", RS), "revealed.jsonl");
    const line = (runIndex: number, columns: object) => `${JSON.stringify({ search: "cheap", runIndex, columns })}\n`;
    writeFileSync(file, line(0, { "toy.valid": 50, "toy.test": 50 }));
    const few = harnessErrorOf(() => readMethodResults(output, card));
    expect(few.code).toBe("NAS_REVEAL_INCOMPLETE");
    expect(few.details.what).toBe("1 of 8 runs of search cheap are revealed");
    writeFileSync(file, RS.map((_, at) => line(at, { "toy.valid": 50 })).join(""));
    const without = harnessErrorOf(() => readMethodResults(output, card));
    expect(without.details.what).toBe("run 0 of search cheap has no value for toy.test");
  });
});
