import { expect, test } from "vitest";
import { Random } from "../../../core/random/random.ts";
import { hashOf } from "../../../core/random/seed.ts";
import { NAS_BENCH_201_SPACE } from "../../../core/space/space.ts";
import { softmax } from "../../../core/training/search/softmax.ts";
import { mostProbable } from "../../../plugins/algorithms/setn/most-probable.ts";

/** All architectures by nested loops over the operations of each edge, with the product of their probabilities. */
function enumerated(probabilities: Float64Array): { architecture: number; probability: number }[] {
  const all: { architecture: number; probability: number }[] = [];
  const go = (choices: number[], probability: number) => {
    if (choices.length === 6) {
      all.push({ architecture: NAS_BENCH_201_SPACE.fromChoices(choices), probability });
      return;
    }
    for (let operation = 0; operation < 5; operation++) {
      go([...choices, operation], probability * (probabilities[5 * choices.length + operation] as number));
    }
  };
  go([], 1);
  return all;
}

test.each(["a", "b", "c"])("the 100 most probable architectures are those of a full enumeration (%s)", (seed) => {
  const random = new Random(hashOf(["setn", seed]));
  const probabilities = softmax(
    Float64Array.from({ length: 30 }, () => random.normal()),
    5,
  );
  const all = enumerated(probabilities).sort((a, b) => b.probability - a.probability);
  expect(all).toHaveLength(15_625);
  const expected = all.slice(0, 100).map(({ architecture }) => architecture);
  expect(mostProbable(NAS_BENCH_201_SPACE, probabilities, 100)).toEqual(expected);
});

test("equally probable architectures come by their index", () => {
  const uniform = new Float64Array(30).fill(0.2);
  expect(mostProbable(NAS_BENCH_201_SPACE, uniform, 4)).toEqual([0, 1, 2, 3]);
});
