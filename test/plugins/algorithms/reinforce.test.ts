import { describe, expect, test } from "vitest";
import { Random } from "../../../core/random/random.ts";
import { NAS_BENCH_201_SPACE as space } from "../../../core/space/space.ts";
import { runAlgorithm } from "../../../core/testing-entry.ts";
import { Adam } from "../../../plugins/algorithms/reinforce/adam.ts";
import reinforce from "../../../plugins/algorithms/reinforce/index.ts";
import { Policy } from "../../../plugins/algorithms/reinforce/policy.ts";

describe("Adam", () => {
  test("moves by the learning rate against the gradient's sign at the first step, whatever its size", () => {
    const parameters = Float64Array.of(1, 1, 1);
    new Adam(parameters, 0.1).step(Float64Array.of(1e-3, -50, 0));
    expect(parameters[0]).toBeCloseTo(0.9, 5);
    expect(parameters[1]).toBeCloseTo(1.1, 8);
    expect(parameters[2]).toBe(1);
  });

  test("follows the algorithm of the paper, written out", () => {
    const gradients = [0.3, -0.2, 0.5, 0.1];
    const parameters = Float64Array.of(0);
    const adam = new Adam(parameters, 0.05);
    let [first, second, expected] = [0, 0, 0];
    gradients.forEach((gradient, at) => {
      adam.step(Float64Array.of(gradient));
      first = 0.9 * first + 0.1 * gradient;
      second = 0.999 * second + 0.001 * gradient * gradient;
      const step = at + 1;
      const correctedFirst = first / (1 - [0.9, 0.81, 0.729, 0.6561][at]!);
      const correctedSecond = second / (1 - [0.999, 0.998001, 0.997002999, 0.996005996001][at]!);
      expected -= (0.05 * correctedFirst) / (Math.sqrt(correctedSecond) + 1e-8);
      expect(parameters[0], `step ${step}`).toBeCloseTo(expected, 10);
    });
  });
});

test("the gradient of the policy is that of -log p x advantage, by finite differences", () => {
  const policy = new Policy(2, 5, new Random("00112233445566778899aabbccddeeff"));
  policy.logits.set([0.5, -0.2, 0.1, 0, 0.3, -1, 0.7, 0.2, 0.4, -0.3]);
  const choices = [2, 1];
  const advantage = 3.5;
  policy.sample(new Random("00112233445566778899aabbccddeeff"));
  const gradient = policy.lossGradient(choices, advantage);
  const loss = (logits: Float64Array) =>
    choices.reduce((sum, choice, edge) => {
      const own = Array.from(logits.subarray(edge * 5, edge * 5 + 5));
      const total = own.reduce((all, logit) => all + Math.exp(logit), 0);
      return sum - (own[choice]! - Math.log(total)) * advantage;
    }, 0);
  for (let at = 0; at < 10; at++) {
    const [up, down] = [policy.logits.slice(), policy.logits.slice()];
    up[at] = up[at]! + 1e-6;
    down[at] = down[at]! - 1e-6;
    expect(gradient[at]).toBeCloseTo((loss(up) - loss(down)) / 2e-6, 5);
  }
});

test("the policy draws with its probabilities", () => {
  const policy = new Policy(1, 5, new Random("00112233445566778899aabbccddeeff"));
  policy.logits.set([0, 1, 2, -1, 0]);
  const random = new Random("ffeeddccbbaa99887766554433221100");
  const counts = [0, 0, 0, 0, 0];
  for (let draw = 0; draw < 20_000; draw++) counts[policy.sample(random)[0]!]!++;
  const weights = [0, 1, 2, -1, 0].map((logit) => Math.exp(logit));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  for (const [choice, count] of counts.entries()) {
    expect(Math.abs(count / 20_000 - weights[choice]! / total)).toBeLessThan(0.012);
  }
});

test("a run learns: late proposals are better than early ones, and a zero advantage teaches nothing", () => {
  const options = { learningRate: 0.05, baselineMomentum: 0.9 };
  const accuracy = (architecture: number) => space.choicesOf(architecture).filter((choice) => choice === 3).length * 15;
  const { trace } = runAlgorithm(reinforce, { accuracy, options, budget: { kind: "evaluations", limit: 600 } });
  const mean = (entries: typeof trace) =>
    entries.reduce((sum, [, , , units]) => sum + units, 0) / entries.length / 10_000;
  expect(mean(trace.slice(-50))).toBeGreaterThan(mean(trace.slice(0, 50)) + 15);
  const flat = runAlgorithm(reinforce, { accuracy: () => 50, options, budget: { kind: "evaluations", limit: 600 } });
  const kinds = new Set(flat.trace.slice(-100).map(([architecture]) => architecture));
  expect(kinds.size).toBeGreaterThan(80);
});
