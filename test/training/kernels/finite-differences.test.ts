/*
 * The kernels' gradients beside finite differences of plain loops in double precision, which share nothing with tfjs: so
 * kernels and tfjs can't be wrong together.
 */
import { expect, test } from "vitest";
import type { Random } from "../../../core/random/random.ts";
import { runKernel } from "./kernel-run.ts";
import { countOf, type PlainValues, testRandom } from "./plain-values.ts";

/** Central differences in double precision err by 1e-8; the rest is the kernels' float32, as in the other tests. */
const TOLERANCE = 1e-5;
const STEP = 1e-5;

/** Values from ±0.2 to ±1.2: away from zero, where ReLU has no derivative. */
function values(random: Random, shape: readonly number[]): PlainValues {
  const data = Float32Array.from({ length: countOf(shape) }, () => {
    const value = 2 * random.uniform() - 1;
    return value + Math.sign(value) * 0.2;
  });
  return { data, shape };
}

/** Gradient of a scalar function of several arrays with respect to one of them. */
function differences(f: (...inputs: Float64Array[]) => number, inputs: readonly PlainValues[], at: number) {
  const arrays = inputs.map(({ data }) => Float64Array.from(data));
  const own = arrays[at]!;
  return own.map((value, element) => {
    own[element] = value + STEP;
    const above = f(...arrays);
    own[element] = value - STEP;
    const below = f(...arrays);
    own[element] = value;
    return (above - below) / (2 * STEP);
  });
}

function expectClose(actual: PlainValues | undefined, expected: Float64Array): void {
  const scale = expected.reduce((largest, value) => Math.max(largest, Math.abs(value)), 1);
  expect(actual!.data).toHaveLength(expected.length);
  for (const [at, value] of expected.entries())
    expect(Math.abs(actual!.data[at]! - value) / scale).toBeLessThan(TOLERANCE);
}

interface Geometry {
  readonly length: number;
  readonly outLength: number;
  readonly batch: number;
  readonly channels: number;
  readonly outChannels: number;
  readonly size: number;
  readonly stride: number;
}

/** Convolution with padding (size - 1) / 2 in layout [H, W, N, C]. */
function convolve(x: Float64Array, weights: Float64Array, geometry: Geometry): Float64Array {
  const { length, outLength, batch, channels, outChannels, size, stride } = geometry;
  const z = new Float64Array(outLength * outLength * batch * outChannels);
  for (let out = 0; out < z.length; out++) {
    const [k, image, pixel] = [
      out % outChannels,
      Math.floor(out / outChannels) % batch,
      Math.floor(out / outChannels / batch),
    ];
    for (let tap = 0; tap < size * size; tap++) {
      const row = Math.floor(pixel / outLength) * stride + Math.floor(tap / size) - ((size - 1) >> 1);
      const column = (pixel % outLength) * stride + (tap % size) - ((size - 1) >> 1);
      if (row < 0 || row >= length || column < 0 || column >= length) continue;
      for (let c = 0; c < channels; c++) {
        const value = x[((row * length + column) * batch + image) * channels + c]!;
        z[out]! += value * weights[(tap * channels + c) * outChannels + k]!;
      }
    }
  }
  return z;
}

/** Normalises each channel by its mean and biased variance over all rows. */
function normalize(z: Float64Array, gamma: Float64Array, beta: Float64Array): Float64Array {
  const [channels, rows] = [gamma.length, z.length / gamma.length];
  const y = new Float64Array(z.length);
  for (let c = 0; c < channels; c++) {
    let [mean, variance] = [0, 0];
    for (let row = 0; row < rows; row++) mean += z[row * channels + c]! / rows;
    for (let row = 0; row < rows; row++) variance += (z[row * channels + c]! - mean) ** 2 / rows;
    const scale = gamma[c]! / Math.sqrt(variance + 1e-5);
    for (let row = 0; row < rows; row++) y[row * channels + c] = (z[row * channels + c]! - mean) * scale + beta[c]!;
  }
  return y;
}

/** Sum of products: a scalar whose derivative with respect to the output is dy. */
function weighted(y: Float64Array, dy: PlainValues): number {
  return y.reduce((sum, value, at) => sum + value * dy.data[at]!, 0);
}

test.each([
  { length: 4, outLength: 4, batch: 3, channels: 8, outChannels: 8, size: 3, stride: 1 },
  { length: 5, outLength: 3, batch: 3, channels: 8, outChannels: 16, size: 3, stride: 2 },
  { length: 3, outLength: 3, batch: 5, channels: 16, outChannels: 16, size: 1, stride: 1 },
])("ReLU, convolution and BN: $channels to $outChannels channels, size $size, stride $stride", async (geometry) => {
  const { length, outLength, batch, channels, outChannels, size, stride } = geometry;
  const random = testRandom(`differences ${size} ${stride}`);
  const x = values(random, [length, length, batch, channels]);
  const weights = values(random, [size, size, channels, outChannels]);
  const [gamma, beta] = [values(random, [outChannels]), values(random, [outChannels])];
  const dy = values(random, [outLength, outLength, batch, outChannels]);
  const loss = (...[input, kernel, scale, shift]: Float64Array[]) => {
    const rectified = input!.map((value) => Math.max(0, value));
    return weighted(normalize(convolve(rectified, kernel!, geometry), scale!, shift!), dy);
  };
  const attributes = { stride, relu: 1, needsInput: 1 };
  const [, z, statistics, input] = await runKernel("NasConvolutionNorm", { x, weights, gamma, beta }, attributes);
  const backward = { input: input!, weights, gamma, z: z!, statistics: statistics!, dy };
  const [dweights, dgamma, dbeta, dx] = await runKernel("NasConvolutionNormGradient", backward, attributes);
  for (const [at, gradient] of [dx, dweights, dgamma, dbeta].entries()) {
    expectClose(gradient, differences(loss, [x, weights, gamma, beta], at));
  }
});

test("BN, ReLU and mean over pixels", async () => {
  const [pixels, batch, channels] = [9, 3, 16];
  const random = testRandom("differences end");
  const x = values(random, [3, 3, batch, channels]);
  const [gamma, beta] = [values(random, [channels]), values(random, [channels])];
  const dy = values(random, [batch, channels]);
  const loss = (...[input, scale, shift]: Float64Array[]) =>
    normalize(input!, scale!, shift!).reduce(
      (sum, value, at) => sum + (Math.max(0, value) / pixels) * dy.data[at % (batch * channels)]!,
      0,
    );
  const [, rectified, statistics] = await runKernel("NasNormReluMean", { x, gamma, beta });
  const inputs = { x, rectified: rectified!, statistics: statistics!, gamma, dy };
  const gradients = await runKernel("NasNormReluMeanGradient", inputs);
  for (const [at, gradient] of gradients.entries()) expectClose(gradient, differences(loss, [x, gamma, beta], at));
});

test("average pooling", async () => {
  const [length, batch, channels] = [4, 1, 8];
  const random = testRandom("differences pool");
  const x = values(random, [length, length, batch, channels]);
  const dy = values(random, [length, length, batch, channels]);
  const loss = (...[input]: Float64Array[]) => {
    let sum = 0;
    for (let out = 0; out < input!.length; out++) {
      const [channel, row, column] = [
        out % channels,
        Math.floor(out / channels / length),
        Math.floor(out / channels) % length,
      ];
      const inside: number[] = [];
      for (let i = Math.max(0, row - 1); i <= Math.min(length - 1, row + 1); i++) {
        for (let j = Math.max(0, column - 1); j <= Math.min(length - 1, column + 1); j++) {
          inside.push(input![(i * length + j) * channels + channel]!);
        }
      }
      sum += (inside.reduce((total, value) => total + value, 0) / inside.length) * dy.data[out]!;
    }
    return sum;
  };
  const attributes = { size: 3, stride: 1, padding: 1, height: length, width: length };
  const [dx] = await runKernel("NasAveragePoolGradient", { dy }, attributes);
  expectClose(dx, differences(loss, [x], 0));
});
