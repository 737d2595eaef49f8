import type { Tensor, Tensor4D } from "@tensorflow/tfjs";
import { expect, test } from "vitest";
import { gradientsOnCpu, runKernel, runOnCpu, tf } from "./kernel-run.ts";
import { fromSlabs, normalValues, relativeDifference, testRandom, toSlabs } from "./plain-values.ts";

/*
 * float32 keeps 2^-24 = 6e-8 of a number. Sums of up to 9 x 64 products and of 17 x 64 rows, added up in another order than
 * tfjs's, differ by up to ten times that; where a single weight is near zero, BN's reciprocal deviation multiplies the rest.
 */
const TOLERANCE = 2e-5;

interface Case {
  readonly channels: number;
  readonly outChannels: number;
  readonly size: number;
  readonly stride: number;
  readonly relu: boolean;
  readonly image: number;
  readonly batch: number;
}

const WIDTHS = [
  [1, 8],
  [8, 8],
  [8, 16],
  [16, 16],
  [16, 32],
  [32, 32],
  [64, 64],
] as const;

/** Batches are odd, so that what is left after each four images has its turn; the image sizes take turns. */
function allCases(): Case[] {
  const cases: Case[] = [];
  for (const [channels, outChannels] of WIDTHS) {
    for (const size of [1, 3]) {
      for (const stride of [1, 2]) {
        for (const relu of channels === 1 ? [false] : [false, true]) {
          const turn = cases.length;
          const batch = [3, 5, 17][turn % 3] as number;
          const images = [4, 5, 7, 8].map((_, at, all) => all[(turn + at) % all.length] as number);
          const rows = (image: number) => Math.ceil(image / stride) ** 2 * batch;
          // Eight channels need an even number of rows.
          const image = images.find((each) => outChannels !== 8 || rows(each) % 2 === 0) as number;
          const isLarge = channels === 64;
          cases.push({
            ...{ channels, outChannels, size, stride, relu },
            ...{ image: isLarge ? 4 + (turn % 2) : image, batch: isLarge ? 3 : batch },
          });
        }
      }
    }
  }
  return cases;
}

/** Another composition than StockOperations': tfjs's own moments and batchNorm. */
function stock({ size, stride, relu }: Case) {
  return (x: Tensor, weights: Tensor, gamma: Tensor, beta: Tensor): Tensor => {
    const rectified = relu ? tf.relu(x) : x;
    const z = tf.conv2d(rectified as Tensor4D, weights as Tensor4D, stride, (size - 1) >> 1);
    const { mean, variance } = tf.moments(z, [0, 1, 2]);
    return tf.batchNorm(z, mean as never, variance as never, beta as never, gamma as never, 1e-5);
  };
}

const CASES = allCases();

test("the cases hold every image size, batch and stride for the rest loops", () => {
  expect(new Set(CASES.map(({ image }) => image))).toEqual(new Set([4, 5, 7, 8]));
  expect(new Set(CASES.map(({ batch }) => batch))).toEqual(new Set([3, 5, 17]));
  expect(CASES).toHaveLength(52);
});

test.each(CASES)(
  "$channels to $outChannels channels, size $size, stride $stride, relu $relu, $batch images of $image pixels",
  async (each) => {
    const { channels, outChannels, size, stride, relu, image, batch } = each;
    const random = testRandom(`${channels},${outChannels},${size},${stride},${relu}`);
    const outImage = Math.ceil(image / stride);
    const x = normalValues(random, [batch, image, image, channels]);
    const weights = normalValues(random, [size, size, channels, outChannels]);
    const [gamma, beta] = [normalValues(random, [outChannels]), normalValues(random, [outChannels])];
    const dy = normalValues(random, [batch, outImage, outImage, outChannels]);
    const expected = await gradientsOnCpu(stock(each), [x, weights, gamma, beta], dy);

    const needsInput = Number(channels > 1);
    const attributes = { stride, relu: Number(relu), needsInput };
    const slabs = toSlabs(x);
    const forward = await runKernel("NasConvolutionNorm", { x: slabs, weights, gamma, beta }, attributes);
    const [y, z, statistics, rectified] = forward;
    expect(relativeDifference(fromSlabs(y!), expected.output)).toBeLessThan(TOLERANCE);

    const inputs = { input: rectified ?? slabs, weights, gamma, z: z!, statistics: statistics!, dy: toSlabs(dy) };
    const [dweights, dgamma, dbeta, dx] = await runKernel("NasConvolutionNormGradient", inputs, attributes);
    const [wantedDx, wantedDweights, wantedDgamma, wantedDbeta] = expected.gradients;
    expect(relativeDifference(dweights!, wantedDweights!)).toBeLessThan(TOLERANCE);
    expect(relativeDifference(dgamma!, wantedDgamma!)).toBeLessThan(TOLERANCE);
    expect(relativeDifference(dbeta!, wantedDbeta!)).toBeLessThan(TOLERANCE);
    if (needsInput === 1) expect(relativeDifference(fromSlabs(dx!), wantedDx!)).toBeLessThan(TOLERANCE);
    else expect(dx).toBeUndefined();
  },
);

test.each([8, 16])(
  "statistics are mean, reciprocal deviation and variance of each of %i channels",
  async (channels) => {
    const random = testRandom("statistics");
    const x = normalValues(random, [6, 5, 5, channels]);
    const weights = normalValues(random, [1, 1, channels, channels]);
    const [gamma, beta] = [normalValues(random, [channels]), normalValues(random, [channels])];
    const wanted = await runOnCpu(
      (input, kernel) => {
        const { mean, variance } = tf.moments(tf.conv2d(input as Tensor4D, kernel as Tensor4D, 1, "valid"), [0, 1, 2]);
        return tf.stack([mean, tf.rsqrt(tf.add(variance, 1e-5)), variance]);
      },
      x,
      weights,
    );
    const [, , statistics] = await runKernel("NasConvolutionNorm", { x: toSlabs(x), weights, gamma, beta });
    // Rows are at least sixteen wide; eight channels stand there twice.
    const data = statistics!.data.filter((_, at) => at % Math.max(16, channels) < channels);
    expect(relativeDifference({ data, shape: [3, channels] }, wanted)).toBeLessThan(TOLERANCE);
  },
);

test.each(CASES)(
  "with given statistics: a convolution $size x $size of $channels to $outChannels channels, stride $stride, relu $relu",
  async (one) => {
    const { channels, outChannels, size, stride, relu, image, batch } = one;
    const random = testRandom(`given ${JSON.stringify(one)}`);
    const x = toSlabs(normalValues(random, [batch, image, image, channels]));
    const weights = normalValues(random, [size, size, channels, outChannels]);
    const [gamma, beta] = [normalValues(random, [outChannels]), normalValues(random, [outChannels])];
    const attributes = { stride, relu: Number(relu), needsInput: 1 };
    const [, z, statistics] = await runKernel("NasConvolutionNorm", { x, weights, gamma, beta }, attributes);
    const [inTwo] = await runKernel("NasNormalizeBy", { x: z!, statistics: statistics!, gamma, beta });
    const inputs = { x, weights, statistics: statistics!, gamma, beta };
    const [inOne] = await runKernel("NasConvolutionNormBy", inputs, attributes);
    // To the last bit: trained tables must not depend on whether an evaluation fuses the two.
    expect(inOne!.data).toEqual(inTwo!.data);
  },
);
