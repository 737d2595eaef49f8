import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Random } from "../../core/random/random.ts";
import { hashOf } from "../../core/random/seed.ts";
import { operationsOf } from "../../core/space/codec.ts";
import { neighboursOf } from "../../core/space/neighbours.ts";
import { randomRelabelling } from "../../core/space/relabelling.ts";

const architecture = fc.integer({ min: 0, max: 15_624 });
const relabelling = fc.string().map((text) => randomRelabelling(new Random(hashOf([text]))));

describe("a relabelling", () => {
  test("is a bijection of the space", () => {
    const { toTrue, toRelabelled } = randomRelabelling(new Random(hashOf(["a"])));
    const images = new Set<number>();
    for (let index = 0; index < 15_625; index++) {
      const image = toTrue(index);
      expect(toRelabelled(image)).toBe(index);
      images.add(image);
    }
    expect(images.size).toBe(15_625);
  });

  test("takes neighbours to neighbours", () => {
    fc.assert(
      fc.property(relabelling, architecture, ({ toTrue }, index) => {
        const images = neighboursOf(index).map(toTrue);
        expect(images.sort((a, b) => a - b)).toEqual(neighboursOf(toTrue(index)).sort((a, b) => a - b));
      }),
    );
  });

  test("renames operations alike on all edges", () => {
    fc.assert(
      fc.property(relabelling, architecture, ({ toTrue }, index) => {
        const sizes = (names: readonly string[]) =>
          [...new Set(names)].map((name) => names.filter((other) => other === name).length).sort();
        expect(sizes(operationsOf(toTrue(index)))).toEqual(sizes(operationsOf(index)));
      }),
    );
  });

  test("is rarely the same as another one", () => {
    const images = Array.from({ length: 50 }, (_, at) => randomRelabelling(new Random(hashOf([at])))).map(
      ({ toTrue }) => [1, 100, 1000, 10_000].map(toTrue).join(),
    );
    expect(new Set(images).size).toBeGreaterThan(40);
  });

  test.each([-1, 15_625, 0.5, Number.NaN])("refuses %d", (index) => {
    const { toTrue, toRelabelled } = randomRelabelling(new Random(hashOf(["a"])));
    expect(() => toTrue(index)).toThrow("NAS_ARCHITECTURE_INDEX");
    expect(() => toRelabelled(index)).toThrow("NAS_ARCHITECTURE_INDEX");
  });
});
