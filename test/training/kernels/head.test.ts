import type { Tensor } from "@tensorflow/tfjs";
import { expect, test } from "vitest";
import type { BatchResult } from "../../../core/training/operations.ts";
import { WasmOperations } from "../../../core/training/wasm-operations.ts";
import { gradientsOnCpu, tf } from "./kernel-run.ts";
import { normalValues, type PlainValues, relativeDifference, testRandom } from "./plain-values.ts";

/** Sums of up to 64 products, and an exponential by a polynomial of degree 6 whose error is 1e-7. */
const TOLERANCE = 2e-6;
const operations = new WasmOperations({ tf, name: "wasm" });

interface HeadInputs {
  readonly features: PlainValues;
  readonly weights: PlainValues;
  readonly bias: PlainValues;
  readonly labels: Int32Array;
}

function tfjsLoss(labels: Int32Array) {
  return (features: Tensor, weights: Tensor, bias: Tensor): Tensor => {
    const logits = tf.add(tf.matMul(features, weights), bias);
    const answers = tf.oneHot(tf.tensor1d(labels, "int32"), logits.shape[1] as number);
    return tf.neg(tf.div(tf.sum(tf.mul(tf.logSoftmax(logits), answers)), labels.length));
  };
}

/** Loss, correct predictions and gradients by the kernels: of a step, and loss and predictions of an evaluation. */
async function byKernels({ features, weights, bias, labels }: HeadInputs) {
  await tf.setBackend("wasm");
  const [x, w, b] = [features, weights, bias].map(({ data, shape }) => operations.parameter(data, shape));
  const answers = tf.tensor1d(labels, "int32");
  const batch = { images: x!, labels: answers, size: labels.length };
  const head = { weights: w!, bias: b! };
  const { gradients, ...step } = operations.gradients(() => x!, head, batch, [x!, w!, b!]);
  const evaluation: BatchResult = operations.evaluate(() => x!, head, batch);
  tf.dispose([x!, w!, b!, answers]);
  const shapes = [features.shape, weights.shape, bias.shape];
  return { step, evaluation, gradients: gradients.map((data, at) => ({ data, shape: shapes[at]! })) };
}

/** Logits are the bias: features and weights are zero. */
function withLogits(logits: readonly number[], label: number): HeadInputs {
  return {
    features: { data: new Float32Array(8), shape: [1, 8] },
    weights: { data: new Float32Array(8 * logits.length), shape: [8, logits.length] },
    bias: { data: Float32Array.from(logits), shape: [logits.length] },
    labels: Int32Array.of(label),
  };
}

test.each([
  [1, 8, 2],
  [3, 32, 10],
  [17, 64, 10],
  [5, 32, 7],
  [64, 32, 120],
])("%i images, %i features, %i classes: as tfjs's autodiff", async (images, inputs, classes) => {
  const random = testRandom(`head ${images}`);
  const head: HeadInputs = {
    features: normalValues(random, [images, inputs]),
    weights: normalValues(random, [inputs, classes]),
    bias: normalValues(random, [classes]),
    labels: Int32Array.from({ length: images }, () => random.integer(classes)),
  };
  const one = { data: Float32Array.of(1), shape: [] };
  const { features, weights, bias, labels } = head;
  const expected = await gradientsOnCpu(tfjsLoss(labels), [features, weights, bias], one);
  const predictions = await gradientsOnCpu((x, w, b) => tf.add(tf.matMul(x!, w!), b!), [features, weights, bias], {
    data: new Float32Array(images * classes),
    shape: [images, classes],
  });
  const correct = labels.filter((label, image) => {
    const logits = predictions.output.data.subarray(image * classes, (image + 1) * classes);
    return logits.indexOf(Math.max(...logits)) === label;
  }).length;

  const { step, evaluation, gradients } = await byKernels(head);
  expect(evaluation).toEqual(step);
  expect(step.correct).toBe(correct);
  const loss = { data: Float32Array.of(step.loss), shape: [] };
  expect(relativeDifference(loss, expected.output)).toBeLessThan(TOLERANCE);
  for (const [at, gradient] of gradients.entries()) {
    expect(relativeDifference(gradient, expected.gradients[at]!)).toBeLessThan(TOLERANCE);
  }
});

test.each([
  ["logits of 50 and -50, the label's large", [50, -50, 0, -50], 0, 0, [0, 0, 0, 0]],
  ["logits of 50 and -50, the label's small", [50, -50, 0, -50], 1, 100, [1, -1, 0, 0]],
  ["two equal largest logits", [50, 50, -50, 0], 1, Math.LN2, [0.5, -0.5, 0, 0]],
  ["a probability below the smallest float32", [0, 200, 0, 0], 0, 200, [-1, 1, 0, 0]],
  ["huge logits", [3e38, -3e38, 0, 0], 0, 0, [0, 0, 0, 0]],
  ["equal logits", [-7, -7, -7, -7], 2, Math.log(4), [0.25, 0.25, -0.75, 0.25]],
] as const)("%s", async (_title, logits, label, loss, slopes) => {
  const { step, evaluation, gradients } = await byKernels(withLogits(logits, label));
  expect(evaluation).toEqual(step);
  expect(Math.abs(step.loss - loss)).toBeLessThan(1e-5);
  expect(relativeDifference(gradients[2]!, { data: Float32Array.from(slopes), shape: [4] })).toBeLessThan(TOLERANCE);
});

test("of equal largest logits the first is the prediction", async () => {
  expect((await byKernels(withLogits([1, 3, 3], 1))).step.correct).toBe(1);
  expect((await byKernels(withLogits([1, 3, 3], 2))).step.correct).toBe(0);
});

test("exponential and logarithm agree with double precision over their range", async () => {
  const random = testRandom("softmax");
  for (let at = 0; at < 200; at++) {
    const logits = Float32Array.from({ length: 5 }, () => 100 * (random.uniform() - 0.5));
    const largest = Math.max(...logits);
    const sum = logits.reduce((total, logit) => total + Math.exp(logit - largest), 0);
    const { step, gradients } = await byKernels(withLogits([...logits], 3));
    const expected = Math.log(sum) - (logits[3]! - largest);
    expect(Math.abs(step.loss - expected)).toBeLessThan(2e-7 * Math.max(1, expected) + 1e-7);
    for (const [q, logit] of logits.entries()) {
      const slope = Math.exp(logit - largest) / sum - Number(q === 3);
      expect(Math.abs(gradients[2]!.data[q]! - slope)).toBeLessThan(3e-7);
    }
  }
});

test.each([
  ["a NaN", Number.NaN],
  ["infinity", Infinity],
])("%s in a logit of another class gives no finite loss", async (_title, value) => {
  for (const at of [0, 1, 3]) {
    const logits = [1, 2, 3, 4].map((logit, own) => (own === at ? value : logit));
    const { step, evaluation } = await byKernels(withLogits(logits, 2));
    expect(Number.isFinite(step.loss)).toBe(false);
    expect(Number.isFinite(evaluation.loss)).toBe(false);
  }
});
