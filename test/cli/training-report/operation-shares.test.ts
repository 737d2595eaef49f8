import { describe, expect, test } from "vitest";
import {
  ALL_SKIP,
  agreementOf,
  EQUAL_EDGES_BY_CHANCE,
  operationShares,
  shownEpochs,
} from "../../../core/cli/training-report/operation-shares.ts";
import { classOf } from "../../../core/space/classes.ts";
import { formatArchitecture, fromChoices } from "../../../core/space/codec.ts";
import { ARCHITECTURE_COUNT } from "../../../core/space/operations.ts";

describe("shares of operations", () => {
  test("count the edges of all cells", () => {
    const half = fromChoices([0, 0, 0, 3, 3, 4]);
    expect(operationShares([ALL_SKIP, half])).toEqual([3 / 12, 6 / 12, 0, 2 / 12, 1 / 12]);
    expect(operationShares([half])).toEqual([0.5, 0, 0, 2 / 6, 1 / 6]);
  });

  test("are equal over the whole space", () => {
    const all = Array.from({ length: ARCHITECTURE_COUNT }, (_, cell) => cell);
    for (const share of operationShares(all)) expect(share).toBeCloseTo(0.2, 12);
  });

  test("the cell of skip connections", () => {
    expect(formatArchitecture(ALL_SKIP).match(/skip_connect/g)).toHaveLength(6);
  });
});

test("shown epochs: first, last, evenly between; all of few", () => {
  expect(shownEpochs(50)).toEqual([1, 8, 15, 22, 29, 36, 43, 50]);
  expect(shownEpochs(250)).toEqual([1, 37, 72, 108, 143, 179, 214, 250]);
  expect(shownEpochs(9)).toHaveLength(8);
  expect(shownEpochs(8)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  expect(shownEpochs(1)).toEqual([1]);
});

describe("agreement of answers", () => {
  test("cells, classes and equal edges", () => {
    const [one, other] = [fromChoices([3, 3, 3, 3, 3, 3]), fromChoices([3, 3, 3, 3, 0, 0])];
    expect(agreementOf([one, one, other])).toEqual({ runs: 3, cells: 2, classes: 2, equalEdges: (6 + 4 + 4) / 3 });
    expect(agreementOf([one])).toMatchObject({ runs: 1, cells: 1, equalEdges: null });
    expect(EQUAL_EDGES_BY_CHANCE).toBeCloseTo(1.2, 12);
  });

  test("isomorphic cells are of one class", () => {
    const cell = Array.from({ length: ARCHITECTURE_COUNT }, (_, at) => at).find((at) => classOf(at) !== at) as number;
    expect(agreementOf([cell, classOf(cell)])).toMatchObject({ cells: 2, classes: 1 });
  });
});
