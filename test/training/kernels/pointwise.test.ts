import type { Tensor4D } from "@tensorflow/tfjs";
import { expect, test } from "vitest";
import { gradientsOnCpu, runKernel, tf } from "./kernel-run.ts";
import { fromSlabs, normalValues, relativeDifference, testRandom, toSlabs } from "./plain-values.ts";

/** Sums of up to 64 channels and 17 x 49 rows in another order: a few roundings of 6e-8. */
const TOLERANCE = 2e-6;

test.each([
  [8, 8, 4, 4, 3],
  [8, 16, 7, 5, 5],
  [16, 32, 8, 4, 17],
  [16, 8, 2, 2, 1],
  [32, 64, 5, 5, 3],
  [64, 64, 4, 7, 5],
])("%i to %i channels on %i x %i pixels, %i images", async (channels, outChannels, height, width, batch) => {
  const random = testRandom(`${channels},${outChannels},${height}`);
  const x = normalValues(random, [batch, height, width, channels]);
  const weights = normalValues(random, [1, 1, channels, outChannels]);
  const dy = normalValues(random, [batch, height, width, outChannels]);
  const { output, gradients } = await gradientsOnCpu(
    (input, kernel) => tf.conv2d(input as Tensor4D, kernel as Tensor4D, 1, "valid"),
    [x, weights],
    dy,
  );
  const slabs = toSlabs(x);
  const [y] = await runKernel("NasPointwise", { x: slabs, weights });
  expect(relativeDifference(fromSlabs(y!), output)).toBeLessThan(TOLERANCE);
  const [dx, dweights] = await runKernel("NasPointwiseGradient", { x: slabs, weights, dy: toSlabs(dy) });
  expect(relativeDifference(fromSlabs(dx!), gradients[0]!)).toBeLessThan(TOLERANCE);
  expect(relativeDifference(dweights!, gradients[1]!)).toBeLessThan(TOLERANCE);
});
