import { describe, expect, test } from "vitest";
import { Random } from "../../../core/random/random.ts";
import { sigmoid, tanh } from "../../../plugins/algorithms/enas/activations.ts";
import { Controller, drawn, mostProbable } from "../../../plugins/algorithms/enas/controller.ts";
import { ControllerParameters } from "../../../plugins/algorithms/enas/controller-parameters.ts";
import { clipGradient } from "../../../plugins/algorithms/enas/gradient-clipping.ts";

const SMALL = { edges: 6, operations: 5, units: 4, layers: 2 };
const FULL = { edges: 6, operations: 5, units: 32, layers: 2 };
const LOGITS = { tanhConstant: 2.5, temperature: 5 };
const CHOICES = [3, 0, 4, 4, 1, 2];
const given = (_: Float64Array, edge: number) => CHOICES[edge]!;
const random = () => new Random("00112233445566778899aabbccddeeff");

/** Parameters that are drawn, then made larger, so that nothing is nearly linear. */
function largeParameters(shape = SMALL, factor = 6): ControllerParameters {
  const parameters = new ControllerParameters(shape);
  parameters.draw(random());
  parameters.all.forEach((value, at) => {
    parameters.all[at] = factor * value;
  });
  return parameters;
}

const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, value, at) => sum + value * b[at]!, 0);

/** The distributions of all edges by PyTorch's formulas (nn.LSTM, nn.Linear), written with rows and lists. */
function distributions({ all }: ControllerParameters, { units, layers, operations } = SMALL): number[][] {
  let read = 0;
  const vector = (count: number) => {
    read += count;
    return Array.from(all.subarray(read - count, read));
  };
  const matrix = (rows: number, columns: number) => Array.from({ length: rows }, () => vector(columns));
  const start = vector(units);
  const cells = Array.from({ length: layers }, () => ({
    weights: [matrix(4 * units, units), matrix(4 * units, units)] as const,
    biases: [vector(4 * units), vector(4 * units)] as const,
    hidden: Array<number>(units).fill(0),
    state: Array<number>(units).fill(0),
  }));
  const embedding = matrix(operations, units);
  const [output, bias] = [matrix(operations, units), vector(operations)];
  expect(read).toBe(all.length);
  const logistic = (x: number) => 1 / (1 + Math.exp(-x));
  return CHOICES.map((_, edge) => {
    let values = edge === 0 ? start : embedding[CHOICES[edge - 1]!]!;
    for (const cell of cells) {
      const { weights, biases, hidden, state } = cell;
      const gates = biases[0].map(
        (own, row) => own + biases[1][row]! + dot(weights[0][row]!, values) + dot(weights[1][row]!, hidden),
      );
      const [i, f, g, o] = [0, 1, 2, 3].map((gate) => gates.slice(gate * units, (gate + 1) * units));
      cell.state = state.map((old, at) => logistic(f![at]!) * old + logistic(i![at]!) * Math.tanh(g![at]!));
      cell.hidden = cell.state.map((own, at) => logistic(o![at]!) * Math.tanh(own));
      values = cell.hidden;
    }
    const logits = output.map((row, at) => 2.5 * Math.tanh((dot(row, values) + bias[at]!) / 5));
    const total = logits.reduce((sum, logit) => sum + Math.exp(logit), 0);
    return logits.map((logit) => Math.exp(logit) / total);
  });
}

describe("the activations", () => {
  test.each([-800, -20, -1.5, -1e-9, 0, 1e-9, 0.3, 2, 20, 800])("are right and finite at %d", (x) => {
    expect(tanh(x)).toBeCloseTo(Math.tanh(x), 14);
    expect(sigmoid(x)).toBeCloseTo(1 / (1 + Math.exp(-x)), 14);
  });
});

describe("the controller", () => {
  test("has the distributions, log-probability and entropy of the formulas", () => {
    const parameters = largeParameters();
    const seen: number[][] = [];
    const sample = new Controller(SMALL, LOGITS, parameters).run((probabilities, edge) => {
      seen.push(Array.from(probabilities));
      return CHOICES[edge]!;
    });
    const expected = distributions(parameters);
    expected.forEach((own, edge) => {
      for (const [at, probability] of own.entries()) expect(seen[edge]![at]).toBeCloseTo(probability, 12);
    });
    const logProbability = expected.reduce((sum, own, edge) => sum + Math.log(own[CHOICES[edge]!]!), 0);
    const entropy = -expected.flat().reduce((sum, probability) => sum + probability * Math.log(probability), 0);
    expect(sample.choices).toEqual(CHOICES);
    expect(sample.logProbability).toBeCloseTo(logProbability, 11);
    expect(sample.entropy).toBeCloseTo(entropy, 11);
    // Edges have distributions of their own.
    const differences = expected[1]!.map((probability, at) => Math.abs(probability - expected[2]![at]!));
    expect(Math.max(...differences)).toBeGreaterThan(1e-3);
  });

  test.each([
    ["log-probability", 1, 0],
    ["entropy", 0, 1],
    ["a sum of both", -0.7, 2.3],
  ])("has the gradient of the %s, by central differences", (_, byLogProbability, byEntropy) => {
    for (const layers of [1, 2]) {
      const shape = { ...SMALL, layers };
      const parameters = largeParameters(shape);
      const controller = new Controller(shape, LOGITS, parameters);
      const value = () => {
        const { logProbability, entropy } = controller.run(given);
        return byLogProbability * logProbability + byEntropy * entropy;
      };
      value();
      const gradient = new ControllerParameters(shape);
      controller.addGradient(gradient, byLogProbability, byEntropy);
      const h = 1e-5;
      parameters.all.forEach((own, at) => {
        parameters.all[at] = own + h;
        const up = value();
        parameters.all[at] = own - h;
        const slope = (up - value()) / (2 * h);
        parameters.all[at] = own;
        expect(Math.abs(gradient.all[at]! - slope), `parameter ${at}`).toBeLessThan(
          1e-5 * Math.max(Math.abs(slope), 1e-4),
        );
      });
      expect(gradient.all.filter((slope) => slope !== 0).length).toBeGreaterThan(0.8 * gradient.all.length);
    }
  });

  test("adds gradients to what is there", () => {
    const controller = new Controller(SMALL, LOGITS, largeParameters());
    controller.run(given);
    const [once, twice] = [new ControllerParameters(SMALL), new ControllerParameters(SMALL)];
    controller.addGradient(once, 1, 0.5);
    controller.addGradient(twice, 1, 0.5);
    controller.addGradient(twice, 1, 0.5);
    for (const [at, slope] of once.all.entries()) expect(twice.all[at]).toBeCloseTo(2 * slope, 12);
  });

  test("starts from the authors' ranges, nearly uniform: ln 5 of entropy an edge", () => {
    const parameters = new ControllerParameters(FULL);
    parameters.draw(random());
    expect(parameters.all).toHaveLength(17_253);
    const largest = (part: Float64Array) => Math.max(...part.map(Math.abs));
    const byUnits = 1 / Math.sqrt(32);
    const [first, second] = parameters.layers;
    for (const part of [parameters.embedding, parameters.outputWeights, first!.inputWeights, first!.hiddenWeights]) {
      expect(largest(part)).toBeGreaterThan(0.09);
      expect(largest(part)).toBeLessThanOrEqual(0.1);
    }
    for (const part of [second!.inputWeights, second!.hiddenWeights, first!.inputBias, second!.hiddenBias]) {
      expect(largest(part)).toBeGreaterThan(0.15);
      expect(largest(part)).toBeLessThanOrEqual(byUnits);
    }
    const { entropy } = new Controller(FULL, LOGITS, parameters).run(drawn(random()));
    expect(entropy).toBeLessThanOrEqual(6 * Math.log(5));
    expect(entropy).toBeGreaterThan(6 * Math.log(5) - 0.02);
  });

  test("draws with its probabilities, and takes the most probable, the first of equals", () => {
    const probabilities = Float64Array.of(0.1, 0.25, 0, 0.4, 0.25);
    const draw = drawn(random());
    const counts = [0, 0, 0, 0, 0];
    for (let at = 0; at < 20_000; at++) counts[draw(probabilities, 0)]!++;
    counts.forEach((count, choice) => {
      expect(Math.abs(count / 20_000 - probabilities[choice]!)).toBeLessThan(0.012);
    });
    expect(mostProbable(probabilities, 0)).toBe(3);
    expect(mostProbable(Float64Array.of(0.2, 0.2, 0.2, 0.2, 0.2), 0)).toBe(0);
  });
});

test("a gradient is scaled down to the largest norm, never up", () => {
  const long = Float64Array.of(30, -40);
  expect(clipGradient(long, 5)).toBe(50);
  expect(long[0]).toBeCloseTo(3, 6);
  expect(long[1]).toBeCloseTo(-4, 6);
  const short = Float64Array.of(3, -4);
  expect(clipGradient(short, 6)).toBe(5);
  expect([...short]).toEqual([3, -4]);
  expect(clipGradient(new Float64Array(2), 5)).toBe(0);
});
