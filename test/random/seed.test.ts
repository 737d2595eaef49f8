import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Random } from "../../core/random/random.ts";
import { hashOf, runSeed, type SeedParts, trialChooser } from "../../core/random/seed.ts";
import { chiSquare } from "../helpers/chi-square.ts";

const PARTS: SeedParts = {
  masterSeed: "nas-harness-1",
  protocol: "nas-bench-201",
  search: "cifar10",
  method: "rs",
  runIndex: 0,
};

describe("run seeds", () => {
  test("are frozen", () => {
    expect(runSeed(PARTS)).toBe("d95cb884c3f024018621b99150cb2a3e57efe978e0e5e85a36d5a9e61f684396");
    expect(hashOf(["a", 1])).toBe("135f17a475a61afdeeaf3759ad2e45ad1c7abb192395abe47e41fc8e395dc1a9");
  });

  test("depend on each part", () => {
    const others: SeedParts[] = [
      { ...PARTS, masterSeed: "nas-harness-2" },
      { ...PARTS, protocol: "nats-bench" },
      { ...PARTS, search: "cifar100" },
      { ...PARTS, method: "rea" },
      { ...PARTS, runIndex: 1 },
    ];
    const seeds = [PARTS, ...others].map(runSeed);
    expect(new Set(seeds).size).toBe(6);
    for (const seed of seeds) expect(seed).toMatch(/^[0-9a-f]{64}$/);
  });

  test("parts never run into one another", () => {
    const text = fc.string();
    const parts = fc.record({ masterSeed: text, protocol: text, search: text, method: text, runIndex: fc.nat() });
    fc.assert(
      fc.property(parts, parts, (a, b) => {
        const equal = JSON.stringify(Object.values(a)) === JSON.stringify(Object.values(b));
        expect(runSeed(a) === runSeed(b)).toBe(equal);
      }),
    );
    expect(runSeed({ ...PARTS, search: "a", method: "bc" })).not.toBe(runSeed({ ...PARTS, search: "ab", method: "c" }));
    expect(hashOf(["1"])).not.toBe(hashOf([1]));
  });

  test("of a whole plan differ, and so do the streams", () => {
    const seeds = Array.from({ length: 2000 }, (_, runIndex) => runSeed({ ...PARTS, runIndex }));
    expect(new Set(seeds).size).toBe(2000);
    const streams = seeds.map((seed) => {
      const random = new Random(seed);
      return [0, 1, 2, 3].map(() => random.integer(15_625)).join();
    });
    expect(new Set(streams).size).toBe(2000);
  });
});

describe("the choice of a trial", () => {
  const seed = runSeed(PARTS);

  test("is frozen", () => {
    const choose = trialChooser(seed);
    expect(Array.from({ length: 15 }, (_, architecture) => choose(architecture, 0, 3))).toEqual([
      0, 0, 2, 0, 1, 1, 2, 1, 0, 1, 0, 2, 0, 0, 0,
    ]);
  });

  test("is the same however often and in which order it is asked for", () => {
    const choose = trialChooser(seed);
    const first = Array.from({ length: 500 }, (_, at) => choose(at, at % 7, 3));
    const again = trialChooser(seed);
    for (let at = 499; at >= 0; at--) expect(again(at, at % 7, 3)).toBe(first[at]);
  });

  test.each([
    [1, 0.001],
    [2, 10.8],
    [3, 13.8],
  ])("is uniform over %i trials: by architecture, by repetition and by run", (trials, limit) => {
    const tally = (choices: number[]) => {
      const counts = new Array<number>(trials).fill(0);
      for (const choice of choices) (counts[choice] as number)++;
      return chiSquare(counts);
    };
    const choose = trialChooser(seed);
    const chooserOfRun = (runIndex: number) => trialChooser(runSeed({ ...PARTS, runIndex }));
    expect(tally(Array.from({ length: 15_625 }, (_, at) => choose(at, 0, trials)))).toBeLessThan(limit);
    expect(tally(Array.from({ length: 20_000 }, (_, at) => choose(6111, at, trials)))).toBeLessThan(limit);
    expect(tally(Array.from({ length: 5000 }, (_, at) => chooserOfRun(at)(6111, 0, trials)))).toBeLessThan(limit);
  });

  test("is independent between repetitions, architectures and runs", () => {
    const pairs = (first: (at: number) => number, second: (at: number) => number) => {
      const counts = [0, 0, 0, 0];
      for (let at = 0; at < 15_625; at++) (counts[first(at) * 2 + second(at)] as number)++;
      return chiSquare(counts);
    };
    const choose = trialChooser(seed);
    const other = trialChooser(runSeed({ ...PARTS, runIndex: 1 }));
    // Three degrees of freedom, one in a thousand.
    expect(
      pairs(
        (at) => choose(at, 0, 2),
        (at) => choose(at, 1, 2),
      ),
    ).toBeLessThan(16.3);
    expect(
      pairs(
        (at) => choose(at, 0, 2),
        (at) => choose(at + 1, 0, 2),
      ),
    ).toBeLessThan(16.3);
    expect(
      pairs(
        (at) => choose(at, 0, 2),
        (at) => other(at, 0, 2),
      ),
    ).toBeLessThan(16.3);
  });

  test("never touches the algorithm's generator, nor is it touched by it", () => {
    const undisturbed = new Random(seed);
    const expected = Array.from({ length: 50 }, () => undisturbed.integer(15_625));
    const random = new Random(seed);
    const choose = trialChooser(seed);
    const choices = Array.from({ length: 50 }, (_, at) => choose(at, 0, 3));
    expect(
      Array.from({ length: 50 }, (_, at) => {
        choose(at, 1, 3);
        return random.integer(15_625);
      }),
    ).toEqual(expected);
    expect(Array.from({ length: 50 }, (_, at) => choose(at, 0, 3))).toEqual(choices);
    // The two streams are not one and the same in disguise.
    const fromGenerator = new Random(seed);
    expect(choices).not.toEqual(Array.from({ length: 50 }, () => fromGenerator.integer(3)));
  });
});
