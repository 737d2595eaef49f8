import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Random } from "../../core/random/random.ts";
import { hashOf } from "../../core/random/seed.ts";
import { choicesOf } from "../../core/space/codec.ts";
import { mutate, mutateEdgeUniform, neighboursOf } from "../../core/space/neighbours.ts";
import { ARCHITECTURE_COUNT } from "../../core/space/operations.ts";
import { NAS_BENCH_201_SPACE } from "../../core/space/space.ts";
import { chiSquare } from "../helpers/chi-square.ts";

const architectures = fc.integer({ min: 0, max: ARCHITECTURE_COUNT - 1 });

/** Edges on which two architectures differ. */
function changedEdges(a: number, b: number): number[] {
  const other = choicesOf(b);
  return choicesOf(a).flatMap((choice, edge) => (choice === other[edge] ? [] : [edge]));
}

test("an architecture has 24 neighbours that differ on one edge, and is theirs", () => {
  fc.assert(
    fc.property(architectures, (architecture) => {
      const neighbours = neighboursOf(architecture);
      expect(new Set(neighbours).size).toBe(24);
      for (const neighbour of neighbours) {
        expect(changedEdges(architecture, neighbour)).toHaveLength(1);
        expect(neighboursOf(neighbour)).toContain(architecture);
      }
    }),
  );
});

test("neighbours come by edge, then by operation", () => {
  const neighbours = neighboursOf(6111);
  expect(neighbours.map((neighbour) => changedEdges(6111, neighbour)[0])).toEqual(
    [0, 1, 2, 3, 4, 5].flatMap((edge) => [edge, edge, edge, edge]),
  );
  const own = choicesOf(6111);
  neighbours.forEach((neighbour, at) => {
    const edge = Math.floor(at / 4);
    const others = [0, 1, 2, 3, 4].filter((choice) => choice !== own[edge]);
    expect(choicesOf(neighbour)[edge]).toBe(others[at % 4]);
  });
});

describe.each([
  // A node with probability 1/3, then one of its 1, 2 or 3 input edges.
  ["the authors' mutation", mutate, [1 / 3, 1 / 6, 1 / 6, 1 / 9, 1 / 9, 1 / 9]],
  ["the edge-uniform mutation", mutateEdgeUniform, [1 / 6, 1 / 6, 1 / 6, 1 / 6, 1 / 6, 1 / 6]],
])("%s", (name, mutation, edgeShares) => {
  test("gives a neighbour, always another architecture", () => {
    fc.assert(
      fc.property(architectures, fc.nat(), (architecture, seed) => {
        const child = mutation(architecture, new Random(hashOf([seed])));
        expect(changedEdges(architecture, child)).toHaveLength(1);
      }),
    );
  });

  test("changes each edge, and to each other operation, as often as it should", () => {
    const parent = 1;
    const random = new Random(hashOf([name]));
    const neighbours = neighboursOf(parent);
    const counts = new Map(neighbours.map((neighbour) => [neighbour, 0]));
    for (let draw = 0; draw < 72_000; draw++) {
      const child = mutation(parent, random);
      counts.set(child, (counts.get(child) as number) + 1);
    }
    const shares = neighbours.map(
      (neighbour) => (edgeShares[changedEdges(parent, neighbour)[0] as number] as number) / 4,
    );
    expect(shares.reduce((sum, share) => sum + share)).toBeCloseTo(1, 12);
    // 23 degrees of freedom: 49.7 is exceeded once in a thousand draws of a seed.
    expect(chiSquare([...counts.values()], shares)).toBeLessThan(49.7);
  });

  test.each([-1, 15_625, 1.5, Number.NaN])("refuses %s", (value) => {
    expect(() => mutation(value, new Random(hashOf([0])))).toThrow("NAS_ARCHITECTURE_INDEX");
  });
});

test("sampling is uniform over the space", () => {
  const random = new Random(hashOf(["sampling"]));
  const counts = new Array<number>(125).fill(0);
  const byEdge = new Array<number>(30).fill(0);
  const draws = 100_000;
  for (let draw = 0; draw < draws; draw++) {
    const architecture = NAS_BENCH_201_SPACE.sample(random);
    (counts[Math.floor(architecture / 125)] as number)++;
    choicesOf(architecture).forEach((choice, edge) => {
      (byEdge[edge * 5 + choice] as number)++;
    });
  }
  // 124 degrees of freedom, one in a thousand: 181.
  expect(chiSquare(counts)).toBeLessThan(181);
  for (let edge = 0; edge < 6; edge++) expect(chiSquare(byEdge.slice(edge * 5, edge * 5 + 5))).toBeLessThan(18.5);
});

test("neighbours of what is no architecture are refused", () => {
  expect(() => neighboursOf(15_625)).toThrow("NAS_ARCHITECTURE_INDEX");
});
