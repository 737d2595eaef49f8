import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { elementary } from "../../core/random/elementary.ts";
import { Random } from "../../core/random/random.ts";
import { hashOf } from "../../core/random/seed.ts";
import { chiSquare } from "../helpers/chi-square.ts";
import { referenceWords } from "./xoroshiro.ts";

const SEED = "0123456789abcdeffedcba9876543210";

function draws<T>(count: number, draw: (random: Random) => T, seed = SEED): T[] {
  const random = new Random(seed);
  return Array.from({ length: count }, () => draw(random));
}

const seeds = fc.stringMatching(/^[0-9a-f]{32}$/).filter((seed) => /[^0]/.test(seed));

describe("draws are frozen: a changed one would change every record", () => {
  test("integer", () => {
    expect(draws(12, (random) => random.integer(15_625))).toEqual([
      14_897, 2392, 913, 4997, 1055, 8634, 9765, 13_040, 15_510, 10_487, 8005, 15_187,
    ]);
    expect(draws(4, (random) => random.integer(2_147_483_648))).toEqual([
      2_147_483_647, 1_862_393_017, 413_610_288, 329_333_849,
    ]);
  });

  test("uniform", () => {
    expect(draws(4, (random) => random.uniform())).toEqual([
      0.9999999990108931, 0.5963011395436377, 0.5117327326842764, 0.7370420666611819,
    ]);
  });

  test("normal", () => {
    expect(draws(6, (random) => random.normal())).toEqual([
      0.08534800929371907, 1.7243270645306266, 1.7249365442145352, 1.051347322492517, -0.3748374912681795,
      0.15852192021841008,
    ]);
  });

  test("shuffle and choice", () => {
    const list = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
    expect(new Random(SEED).shuffle(list)).toEqual([1, 6, 3, 5, 8, 2, 9, 0, 4, 7]);
    expect(draws(6, (random) => random.choice("abcde".split("")))).toEqual(
      draws(6, (random) => "abcde"[random.integer(5)]),
    );
  });

  test("the zero seed, which xoroshiro forbids, still gives a stream", () => {
    expect(draws(4, (random) => random.integer(1000), "0".repeat(64))).toEqual([648, 680, 720, 460]);
  });

  test("elementary functions", () => {
    expect([2.5, -0.5, 100.5, 0, -1000].map(elementary.exp)).toEqual([
      12.182493960703473, 0.6065306597126334, 4.4319559098458955e43, 1, 0,
    ]);
    expect(elementary.pow(3, -0.25)).toBe(0.7598356856515925);
    expect(elementary.pow(1.1, 37.5)).toBe(35.66364214988526);
    expect(elementary.pow(2, 10)).toBe(1024);
  });
});

test("the stream is xoroshiro128+ of the seed's first 128 bits", () => {
  fc.assert(
    fc.property(seeds, fc.stringMatching(/^[0-9a-f]{32}$/), (seed, rest) => {
      const words = referenceWords(seed);
      const random = new Random(seed + rest);
      for (let draw = 0; draw < 20; draw++) {
        const high = (words.next().value as number) >>> 6;
        const low = (words.next().value as number) >>> 5;
        expect(random.uniform()).toBe((high * 134_217_728 + low) / 9_007_199_254_740_992);
      }
    }),
  );
});

test("equal seeds give equal streams, different ones do not", () => {
  fc.assert(
    fc.property(seeds, seeds, (first, second) => {
      const stream = (seed: string) => draws(8, (random) => random.integer(15_625), seed).join();
      expect(stream(first) === stream(second)).toBe(first === second);
    }),
  );
});

describe("integer", () => {
  test("stays within its bounds", () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 1, max: 2_147_483_648 }), (seed, count) => {
        for (const value of draws(20, (random) => random.integer(count), seed)) {
          expect(Number.isInteger(value) && value >= 0 && value < count).toBe(true);
        }
      }),
    );
    expect(draws(10, (random) => random.integer(1))).toEqual(new Array(10).fill(0));
  });

  // Quantiles of chi-square at 0.999 for count - 1 degrees of freedom.
  test.each([
    [2, 10.8],
    [3, 13.8],
    [5, 18.5],
    [24, 49.7],
    [100, 148.2],
  ])("is uniform over %i values", (count, limit) => {
    const counts = new Array<number>(count).fill(0);
    for (const value of draws(100_000, (random) => random.integer(count), hashOf(["integer", count]))) {
      (counts[value] as number)++;
    }
    expect(chiSquare(counts)).toBeLessThan(limit);
  });

  test("has no modulo bias, also where the count does not divide 2^32", () => {
    // Of 1.5 * 2^30 values a modulo would draw those below 2^30 half again as often as the others.
    const count = 1.5 * 1_073_741_824;
    const values = draws(60_000, (random) => random.integer(count), hashOf(["bias"]));
    const below = values.filter((value) => value < 1_073_741_824).length;
    expect(chiSquare([below, values.length - below], [2 / 3, 1 / 3])).toBeLessThan(10.8);
  });
});

describe("uniform", () => {
  const values = draws(200_000, (random) => random.uniform(), hashOf(["uniform"]));

  test("lies in [0, 1) with mean 1/2, variance 1/12 and equal shares", () => {
    expect(values.every((value) => value >= 0 && value < 1)).toBe(true);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) * (value - mean), 0) / values.length;
    // Four standard errors: 4 * sqrt(1/12/200000) = 0.0026.
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.0026);
    expect(Math.abs(variance - 1 / 12)).toBeLessThan(0.0007);
    const counts = new Array<number>(100).fill(0);
    for (const value of values) (counts[Math.floor(value * 100)] as number)++;
    expect(chiSquare(counts)).toBeLessThan(148.2);
  });

  test("successive values are not correlated", () => {
    const products = values.slice(1).map((value, at) => (value - 0.5) * ((values[at] as number) - 0.5));
    const correlation = (12 * products.reduce((sum, product) => sum + product, 0)) / products.length;
    expect(Math.abs(correlation)).toBeLessThan(4 / Math.sqrt(products.length));
  });
});

test("normal has the moments and the shares of a standard normal distribution", () => {
  const values = draws(200_000, (random) => random.normal(), hashOf(["normal"]));
  const moment = (power: number) =>
    values.reduce((sum, value) => sum + elementary.pow(value, power), 0) / values.length;
  expect(Math.abs(moment(1))).toBeLessThan(0.009);
  expect(Math.abs(moment(2) - 1)).toBeLessThan(0.013);
  expect(Math.abs(moment(3))).toBeLessThan(0.035);
  expect(Math.abs(moment(4) - 3)).toBeLessThan(0.09);
  // Shares within one, one to two, two to three, and beyond three standard deviations.
  const counts = [0, 0, 0, 0];
  for (const value of values) (counts[Math.min(3, Math.floor(Math.abs(value)))] as number)++;
  expect(chiSquare(counts, [0.682689492, 0.271810244, 0.042800234, 0.00270003])).toBeLessThan(16.3);
});

describe("shuffle and choice", () => {
  test("a shuffle is a permutation and leaves its argument alone", () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), seeds, (list, seed) => {
        const before = [...list];
        const shuffled = new Random(seed).shuffle(Object.freeze(list) as number[]);
        expect(list).toEqual(before);
        expect([...shuffled].sort((a, b) => a - b)).toEqual([...before].sort((a, b) => a - b));
      }),
    );
  });

  test("every order is equally likely", () => {
    const counts = new Map<string, number>();
    for (const order of draws(24_000, (random) => random.shuffle("abcd".split("")).join(""), hashOf(["shuffle"]))) {
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(24);
    expect(chiSquare([...counts.values()])).toBeLessThan(49.7);
  });

  test("there is no choice from nothing", () => {
    expect(() => new Random(SEED).choice([])).toThrow(RangeError);
  });
});

test("no plugin can change what the next run's generator does", () => {
  expect(() => {
    (Random.prototype as { uniform: unknown }).uniform = () => 0.5;
  }).toThrow(TypeError);
  expect(Object.isFrozen(elementary)).toBe(true);
});
