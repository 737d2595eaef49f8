import type { Tensor } from "@tensorflow/tfjs";
import { expect, test } from "vitest";
import { statisticsWidth } from "../../../core/training/wasm-kernels.ts";
import { gradientsOnCpu, runKernel, runOnCpu, tf } from "./kernel-run.ts";
import { fromSlabs, normalValues, relativeDifference, testRandom, toSlabs } from "./plain-values.ts";

/** Sums of up to 17 x 64 rows in blocks, in another order than tfjs's: a few dozen roundings of 6e-8. */
const TOLERANCE = 5e-6;

const SHAPES = [
  [3, 4, 4, 8],
  [5, 5, 5, 16],
  [17, 8, 8, 32],
  [3, 7, 5, 64],
  [1, 2, 2, 64],
] as const;

function stock(x: Tensor, gamma: Tensor, beta: Tensor): Tensor {
  const { mean, variance } = tf.moments(x, [0, 1, 2]);
  const normalized = tf.batchNorm(x, mean as never, variance as never, beta as never, gamma as never, 1e-5);
  return tf.mean(tf.relu(normalized), [1, 2]);
}

test.each(SHAPES)("BN, ReLU and mean over pixels, %i images of %i x %i pixels, %i channels", async (...shape) => {
  const [batch, , , channels] = shape;
  const random = testRandom(shape.join());
  const x = normalValues(random, shape);
  const [gamma, beta] = [normalValues(random, [channels]), normalValues(random, [channels])];
  const dy = normalValues(random, [batch, channels]);
  const { output, gradients } = await gradientsOnCpu(stock, [x, gamma, beta], dy);
  const slabs = toSlabs(x);
  const [features, rectified, statistics] = await runKernel("NasNormReluMean", { x: slabs, gamma, beta });
  expect(relativeDifference(features!, output)).toBeLessThan(TOLERANCE);
  const inputs = { x: slabs, rectified: rectified!, statistics: statistics!, gamma, dy };
  const [dx, dgamma, dbeta] = await runKernel("NasNormReluMeanGradient", inputs);
  expect(relativeDifference(fromSlabs(dx!), gradients[0]!)).toBeLessThan(TOLERANCE);
  expect(relativeDifference(dgamma!, gradients[1]!)).toBeLessThan(TOLERANCE);
  expect(relativeDifference(dbeta!, gradients[2]!)).toBeLessThan(TOLERANCE);
});

test.each(SHAPES)("normalising by given averages, %i images of %i x %i pixels, %i channels", async (...shape) => {
  const channels = shape[3];
  const random = testRandom(`by ${shape.join()}`);
  const x = normalValues(random, shape);
  const [gamma, beta, mean] = [1, 2, 3].map(() => normalValues(random, [channels]));
  const variance = { data: Float32Array.from({ length: channels }, () => 0.1 + random.uniform()), shape: [channels] };
  const expected = await runOnCpu(
    (...inputs) => {
      const [values, scale, shift, means, variances] = inputs as [Tensor, Tensor, Tensor, Tensor, Tensor];
      return tf.batchNorm(values, means as never, variances as never, shift as never, scale as never, 1e-5);
    },
    ...[x, gamma!, beta!, mean!, variance],
  );
  const width = statisticsWidth(channels);
  const statistics = { data: new Float32Array(3 * width), shape: [3, width] };
  for (let at = 0; at < width; at++) {
    statistics.data[at] = mean!.data[at % channels]!;
    statistics.data[width + at] = 1 / Math.sqrt(variance.data[at % channels]! + 1e-5);
  }
  const [y] = await runKernel("NasNormalizeBy", { x: toSlabs(x), statistics, gamma: gamma!, beta: beta! });
  expect(relativeDifference(fromSlabs(y!), expected)).toBeLessThan(TOLERANCE);
});

test.each(SHAPES)("ReLU and mean over pixels, %i images of %i x %i pixels, %i channels", async (...shape) => {
  const x = normalValues(testRandom(`mean ${shape.join()}`), shape);
  const expected = await runOnCpu((values) => tf.mean(tf.relu(values), [1, 2]), x);
  const [features] = await runKernel("NasReluMean", { x: toSlabs(x) });
  expect(relativeDifference(features!, expected)).toBeLessThan(TOLERANCE);
});
