import { readFileSync } from "node:fs";
import path from "node:path";

/** A byte offset into the memory that the kernels and the tfjs wasm backend share. */
export type Pointer = number;

/** What every convolution kernel takes after its three tensors. */
export type ConvolutionGeometry = [
  height: number,
  width: number,
  outHeight: number,
  outWidth: number,
  images: number,
  channels: number,
  outChannels: number,
  size: number,
  stride: number,
  padding: number,
  scratch: Pointer,
];

/** What every pooling kernel takes after its two tensors. */
export type PoolingGeometry = [
  height: number,
  width: number,
  outHeight: number,
  outWidth: number,
  slabFloats: number,
  size: number,
  stride: number,
  padding: number,
  scratch: Pointer,
];

/**
 * The kernels of `assembly/`, which documents each of them. Layout [H, W, N, C]; float32; output channels in multiples of 8.
 */
export interface Kernels {
  convolve(input: Pointer, weights: Pointer, out: Pointer, ...geometry: ConvolutionGeometry): void;
  convolveScaled(
    input: Pointer,
    weights: Pointer,
    out: Pointer,
    ...geometryScaleAndShift: [...ConvolutionGeometry, scale: Pointer, shift: Pointer]
  ): void;
  convolveInputGradient(
    outGradient: Pointer,
    transposed: Pointer,
    inputGradient: Pointer,
    ...geometry: ConvolutionGeometry
  ): void;
  convolveWeightGradient(
    input: Pointer,
    outGradient: Pointer,
    weightGradient: Pointer,
    ...geometry: ConvolutionGeometry
  ): void;
  transposeWeights(weights: Pointer, transposed: Pointer, taps: number, channels: number, outChannels: number): void;
  batchStatistics(x: Pointer, statistics: Pointer, rows: number, channels: number, epsilon: number): void;
  scaleAndShift(statistics: Pointer, gamma: Pointer, beta: Pointer, out: Pointer, channels: number): void;
  normalize(
    x: Pointer,
    y: Pointer,
    statistics: Pointer,
    gamma: Pointer,
    beta: Pointer,
    scratch: Pointer,
    rows: number,
    channels: number,
  ): void;
  normalizeGradient(
    x: Pointer,
    dy: Pointer,
    dx: Pointer,
    statistics: Pointer,
    gamma: Pointer,
    dgamma: Pointer,
    dbeta: Pointer,
    scratch: Pointer,
    rows: number,
    channels: number,
  ): void;
  relu(x: Pointer, y: Pointer, n: number): void;
  reluGradient(x: Pointer, dy: Pointer, dx: Pointer, n: number): void;
  scaleInto(x: Pointer, y: Pointer, n: number, weight: number): void;
  addScaled(x: Pointer, y: Pointer, n: number, weight: number): void;
  dot(a: Pointer, b: Pointer, n: number): number;
  total(a: Pointer, n: number): number;
  addInto(a: Pointer, b: Pointer, out: Pointer, n: number): void;
  averagePool(input: Pointer, out: Pointer, ...geometry: PoolingGeometry): void;
  averagePoolGradient(outGradient: Pointer, inputGradient: Pointer, ...geometry: PoolingGeometry): void;
  globalMean(input: Pointer, out: Pointer, pixels: number, slabFloats: number): void;
  globalMeanGradient(outGradient: Pointer, inputGradient: Pointer, pixels: number, slabFloats: number): void;
  headLoss(
    features: Pointer,
    weights: Pointer,
    bias: Pointer,
    labels: Pointer,
    images: number,
    inputs: number,
    classes: number,
    scratch: Pointer,
    correct: Pointer,
  ): number;
  headLossAndGradients(
    features: Pointer,
    weights: Pointer,
    bias: Pointer,
    labels: Pointer,
    featureGradient: Pointer,
    weightGradient: Pointer,
    biasGradient: Pointer,
    images: number,
    inputs: number,
    classes: number,
    scratch: Pointer,
    correct: Pointer,
  ): number;
  nesterovStep(
    weights: Pointer,
    gradient: Pointer,
    momenta: Pointer,
    n: number,
    rate: number,
    momentum: number,
    decay: number,
  ): void;
}

/** The compiled module, committed beside its source; `npm run check:generated` demands that it is current. */
export const KERNELS_FILE: string = path.join(import.meta.dirname, "kernels.wasm");

/** Instantiates the kernels on the memory of the tfjs wasm backend. */
export function instantiateKernels(memory: WebAssembly.Memory): Kernels {
  const module = new WebAssembly.Module(readFileSync(KERNELS_FILE));
  const abort = () => {
    throw new Error("a training kernel aborted");
  };
  return new WebAssembly.Instance(module, { env: { memory, abort } }).exports as unknown as Kernels;
}
