import type { Tf } from "./backend.ts";
import { type KernelHost, type Operand, shapeOf, sizeOf } from "./kernel-memory.ts";
import { NORM_EPSILON } from "./operations.ts";

type Inputs = Readonly<Record<string, Operand | undefined>>;
type Attributes = Readonly<Record<string, number>>;

/** [H, W, N, C] */
function slabs(operand: Operand | undefined): [number, number, number, number] {
  return shapeOf(operand) as [number, number, number, number];
}

/** Channels as statistics count them: eight are treated as sixteen. */
export function statisticsWidth(channels: number): number {
  return Math.max(16, channels);
}

type Body = (host: KernelHost, inputs: Inputs, attributes: Attributes) => Operand[];

/** relu(x)?, conv, statistics, normalised: [y, z, statistics] and, with relu, the rectified input. */
function convolutionNorm(host: KernelHost, { x, weights, gamma, beta }: Inputs, { stride = 1, relu = 0 }: Attributes) {
  const { kernels } = host;
  const [height, width, images, channels] = slabs(x);
  const [size, , , outChannels] = slabs(weights);
  const shape = [Math.ceil(height / stride), Math.ceil(width / stride), images, outChannels] as const;
  const [outHeight, outWidth] = shape;
  const rows = outHeight * outWidth * images;
  const rectified = relu === 1 ? host.output(shapeOf(x)) : null;
  if (rectified !== null) kernels.relu(host.at(x), host.at(rectified), sizeOf(x));
  const [y, z, statistics] = [host.output(shape), host.output(shape), host.output([3, statisticsWidth(outChannels)])];
  const input = host.at(rectified ?? x);
  const padding = (size - 1) >> 1;
  kernels.convolve(
    ...([input, host.at(weights), host.at(z), height, width, outHeight, outWidth] as const),
    ...([images, channels, outChannels, size, stride, padding, host.scratch] as const),
  );
  kernels.batchStatistics(host.at(z), host.at(statistics), rows, outChannels, NORM_EPSILON);
  kernels.normalize(
    ...([host.at(z), host.at(y), host.at(statistics), host.at(gamma), host.at(beta)] as const),
    ...([host.scratch, rows, outChannels] as const),
  );
  return rectified === null ? [y, z, statistics] : [y, z, statistics, rectified];
}

/**
 * [dweights, dgamma, dbeta] and, with needsInput, dx. `input` is what the convolution saw, after any ReLU. Without needsWeights
 * the first has undefined content.
 */
function convolutionNormGradient(host: KernelHost, inputs: Inputs, attributes: Attributes): Operand[] {
  const { input, weights, gamma, z, statistics, dy } = inputs;
  const { stride = 1, relu = 0, needsInput = 1, needsWeights = 1 } = attributes;
  const { kernels } = host;
  const [height, width, images, channels] = slabs(input);
  const [size, , , outChannels] = slabs(weights);
  const [outHeight, outWidth] = slabs(z);
  const rows = outHeight * outWidth * images;
  const padding = (size - 1) >> 1;
  const dweights = host.output(shapeOf(weights));
  const [dgamma, dbeta] = [host.output([outChannels]), host.output([outChannels])];
  const geometry = [height, width, outHeight, outWidth, images, channels, outChannels, size, stride, padding] as const;
  return host.withMemory(sizeOf(z), (dz) => {
    kernels.normalizeGradient(
      ...([host.at(z), host.at(dy), dz, host.at(statistics), host.at(gamma), host.at(dgamma)] as const),
      ...([host.at(dbeta), host.scratch, rows, outChannels] as const),
    );
    if (needsWeights === 1) {
      kernels.convolveWeightGradient(host.at(input), dz, host.at(dweights), ...geometry, host.scratch);
    }
    if (needsInput === 0) return [dweights, dgamma, dbeta];
    const dx = host.output(shapeOf(input));
    host.withMemory(sizeOf(weights), (transposed) => {
      kernels.transposeWeights(host.at(weights), transposed, size * size, channels, outChannels);
      kernels.convolveInputGradient(dz, transposed, host.at(dx), ...geometry, host.scratch);
    });
    if (relu === 1) kernels.reluGradient(host.at(input), host.at(dx), host.at(dx), sizeOf(dx));
    return [dweights, dgamma, dbeta, dx];
  });
}

/** relu(x)?, conv, normalised by given statistics [3, width] (mean, reciprocal deviation), without a gradient: [y]. */
function convolutionNormBy(host: KernelHost, inputs: Inputs, { stride = 1, relu = 0 }: Attributes): Operand[] {
  const { x, weights, statistics, gamma, beta } = inputs;
  const { kernels } = host;
  const [height, width, images, channels] = slabs(x);
  const [size, , , outChannels] = slabs(weights);
  const shape = [Math.ceil(height / stride), Math.ceil(width / stride), images, outChannels] as const;
  const rectified = relu === 1 ? host.output(shapeOf(x)) : null;
  if (rectified !== null) kernels.relu(host.at(x), host.at(rectified), sizeOf(x));
  const y = host.output(shape);
  const padding = (size - 1) >> 1;
  const wide = statisticsWidth(outChannels);
  host.withMemory(2 * wide, (scale) => {
    kernels.scaleAndShift(host.at(statistics), host.at(gamma), host.at(beta), scale, outChannels);
    kernels.convolveScaled(
      ...([host.at(rectified ?? x), host.at(weights), host.at(y), height, width, shape[0], shape[1]] as const),
      ...([images, channels, outChannels, size, stride, padding, host.scratch, scale, scale + 4 * wide] as const),
    );
  });
  return [y];
}

function pointwise(host: KernelHost, { x, weights }: Inputs): Operand[] {
  const [height, width, images, channels] = slabs(x);
  const outChannels = slabs(weights)[3];
  const y = host.output([height, width, images, outChannels]);
  host.kernels.convolve(
    ...([host.at(x), host.at(weights), host.at(y), height, width, height, width] as const),
    ...([images, channels, outChannels, 1, 1, 0, host.scratch] as const),
  );
  return [y];
}

/** [dx, dweights] */
function pointwiseGradient(host: KernelHost, { x, weights, dy }: Inputs): Operand[] {
  const [height, width, images, channels] = slabs(x);
  const outChannels = slabs(weights)[3];
  const [dx, dweights] = [host.output(shapeOf(x)), host.output(shapeOf(weights))];
  const geometry = [height, width, height, width, images, channels, outChannels, 1, 1, 0] as const;
  host.kernels.convolveWeightGradient(host.at(x), host.at(dy), host.at(dweights), ...geometry, host.scratch);
  host.withMemory(channels * outChannels, (transposed) => {
    host.kernels.transposeWeights(host.at(weights), transposed, 1, channels, outChannels);
    host.kernels.convolveInputGradient(host.at(dy), transposed, host.at(dx), ...geometry, host.scratch);
  });
  return [dx, dweights];
}

function averagePool(host: KernelHost, { x }: Inputs, { size = 3, stride = 1, padding = 1 }: Attributes): Operand[] {
  const [height, width, images, channels] = slabs(x);
  const outLength = (length: number) => Math.floor((length + 2 * padding - size) / stride) + 1;
  const y = host.output([outLength(height), outLength(width), images, channels]);
  host.kernels.averagePool(
    ...([host.at(x), host.at(y), height, width, outLength(height), outLength(width)] as const),
    ...([images * channels, size, stride, padding, host.scratch] as const),
  );
  return [y];
}

function averagePoolGradient(host: KernelHost, { dy }: Inputs, attributes: Attributes): Operand[] {
  const { size = 3, stride = 1, padding = 1, height = 0, width = 0 } = attributes;
  const [outHeight, outWidth, images, channels] = slabs(dy);
  const dx = host.output([height, width, images, channels]);
  host.kernels.averagePoolGradient(
    ...([host.at(dy), host.at(dx), height, width, outHeight, outWidth] as const),
    ...([images * channels, size, stride, padding, host.scratch] as const),
  );
  return [dx];
}

function add(host: KernelHost, { a, b }: Inputs): Operand[] {
  const sum = host.output(shapeOf(a));
  host.kernels.addInto(host.at(a), host.at(b), host.at(sum), sizeOf(sum));
  return [sum];
}

/** BN, ReLU, mean over pixels: [features, rectified, statistics]. */
function normReluMean(host: KernelHost, { x, gamma, beta }: Inputs): Operand[] {
  const [height, width, images, channels] = slabs(x);
  const rows = height * width * images;
  const [rectified, features] = [host.output(shapeOf(x)), host.output([images, channels])];
  const statistics = host.output([3, statisticsWidth(channels)]);
  const { kernels } = host;
  kernels.batchStatistics(host.at(x), host.at(statistics), rows, channels, NORM_EPSILON);
  kernels.normalize(
    ...([host.at(x), host.at(rectified), host.at(statistics), host.at(gamma), host.at(beta)] as const),
    ...([host.scratch, rows, channels] as const),
  );
  kernels.relu(host.at(rectified), host.at(rectified), sizeOf(rectified));
  kernels.globalMean(host.at(rectified), host.at(features), height * width, images * channels);
  return [features, rectified, statistics];
}

/** [dx, dgamma, dbeta] */
function normReluMeanGradient(host: KernelHost, inputs: Inputs): Operand[] {
  const { x, rectified, statistics, gamma, dy } = inputs;
  const [height, width, images, channels] = slabs(x);
  const dx = host.output(shapeOf(x));
  const [dgamma, dbeta] = [host.output([channels]), host.output([channels])];
  const { kernels } = host;
  kernels.globalMeanGradient(host.at(dy), host.at(dx), height * width, images * channels);
  kernels.reluGradient(host.at(rectified), host.at(dx), host.at(dx), sizeOf(dx));
  kernels.normalizeGradient(
    ...([host.at(x), host.at(dx), host.at(dx), host.at(statistics), host.at(gamma), host.at(dgamma)] as const),
    ...([host.at(dbeta), host.scratch, height * width * images, channels] as const),
  );
  return [dx, dgamma, dbeta];
}

/** Normalises by given statistics [3, width] (mean, reciprocal deviation), without a gradient. */
function normalizeBy(host: KernelHost, { x, statistics, gamma, beta }: Inputs): Operand[] {
  const channels = slabs(x)[3];
  const y = host.output(shapeOf(x));
  host.kernels.normalize(
    ...([host.at(x), host.at(y), host.at(statistics), host.at(gamma), host.at(beta)] as const),
    ...([host.scratch, sizeOf(x) / channels, channels] as const),
  );
  return [y];
}

/** ReLU and mean over pixels, without a gradient: [features]. */
function reluMean(host: KernelHost, { x }: Inputs): Operand[] {
  const [height, width, images, channels] = slabs(x);
  const features = host.output([images, channels]);
  host.withMemory(sizeOf(x), (rectified) => {
    host.kernels.relu(host.at(x), rectified, sizeOf(x));
    host.kernels.globalMean(rectified, host.at(features), height * width, images * channels);
  });
  return [features];
}

/** The kernels by name; each gives a list of outputs. */
export const KERNEL_BODIES = {
  NasConvolutionNorm: convolutionNorm,
  NasConvolutionNormGradient: convolutionNormGradient,
  NasConvolutionNormBy: convolutionNormBy,
  NasPointwise: pointwise,
  NasPointwiseGradient: pointwiseGradient,
  NasAveragePool: averagePool,
  NasAveragePoolGradient: averagePoolGradient,
  NasAdd: add,
  NasNormReluMean: normReluMean,
  NasNormReluMeanGradient: normReluMeanGradient,
  NasNormalizeBy: normalizeBy,
  NasReluMean: reluMean,
} as const satisfies Readonly<Record<string, Body>>;

/** Name of a kernel. */
export type KernelName = keyof typeof KERNEL_BODIES;

/**
 * Registers the kernels with tfjs for the backend `wasm`; a second call for the same tfjs registers them anew.
 * @param host one whose outputs are tensors of tfjs
 */
export function registerKernels(tf: Tf, host: KernelHost): void {
  for (const [kernelName, body] of Object.entries<Body>(KERNEL_BODIES)) {
    if (tf.getKernel(kernelName, "wasm") !== undefined) tf.unregisterKernel(kernelName, "wasm");
    tf.registerKernel({
      kernelName,
      backendName: "wasm",
      kernelFunc: ({ inputs, attrs }) =>
        body(host, inputs as unknown as Inputs, (attrs ?? {}) as unknown as Attributes) as never,
    });
  }
}
