import { describe, expect, test } from "vitest";
import { Random } from "../../../core/random/random.ts";
import { hashOf } from "../../../core/random/seed.ts";
import { softmax } from "../../../core/training/search/softmax.ts";
import { gumbelGradient, gumbelSample } from "../../../plugins/algorithms/gdas/gumbel-sample.ts";
import { chiSquare } from "../../helpers/chi-square.ts";

const LOGITS = Float64Array.from([0.3, -0.5, 1.1, 0, 0.4]);
const OPERATIONS = LOGITS.length;
const SAMPLES = 20_000;
/** Of chi-square with four degrees of freedom, 99.9 %. */
const QUANTILE = 18.47;

const entropy = (shares: Float64Array) =>
  -shares.reduce((sum, share) => sum + (share > 0 ? share * Math.log(share) : 0), 0);

/** Hard choices and mean entropy of the soft vector at a temperature. */
function drawn(temperature: number) {
  const random = new Random(hashOf(["gumbel", temperature]));
  const counts = new Array<number>(OPERATIONS).fill(0);
  let total = 0;
  for (let sample = 0; sample < SAMPLES; sample++) {
    const { choices, soft } = gumbelSample(LOGITS, OPERATIONS, temperature, random);
    counts[choices[0] as number]!++;
    total += entropy(soft);
  }
  return { counts, entropy: total / SAMPLES };
}

describe("hard Gumbel samples", () => {
  const temperatures = [10, 5, 1, 0.1];
  const results = temperatures.map(drawn);

  test("the soft vector's entropy falls with the temperature", () => {
    const entropies = results.map((result) => result.entropy);
    expect(entropies).toEqual([...entropies].sort((a, b) => b - a));
    expect(entropies[0]).toBeGreaterThan(1.58);
    expect(entropies.at(-1)).toBeLessThan(0.2);
  });

  test.each(temperatures.map((temperature, at) => [temperature, at] as const))(
    "at temperature %d operations are drawn as often as softmax says",
    (_, at) => {
      expect(chiSquare(results[at]!.counts, [...softmax(LOGITS, OPERATIONS)])).toBeLessThan(QUANTILE);
    },
  );
});

test("the gradient is that of the soft vector, by central differences", () => {
  const temperature = 0.7;
  const byWeights = [0.2, -1, 0.5, 0.3, 2];
  const seed = hashOf(["gumbel gradient"]);
  // The same noise for every logit vector.
  const value = (logits: Float64Array) =>
    gumbelSample(logits, OPERATIONS, temperature, new Random(seed)).soft.reduce(
      (sum, share, at) => sum + share * (byWeights[at] as number),
      0,
    );
  const sample = gumbelSample(LOGITS, OPERATIONS, temperature, new Random(seed));
  const gradient = gumbelGradient(sample, byWeights, OPERATIONS, temperature);
  const step = 1e-5;
  LOGITS.forEach((_, at) => {
    const moved = (by: number) => LOGITS.map((logit, other) => (other === at ? logit + by : logit));
    const numeric = (value(moved(step)) - value(moved(-step))) / (2 * step);
    expect(gradient[at]).toBeCloseTo(numeric, 7);
  });
});
