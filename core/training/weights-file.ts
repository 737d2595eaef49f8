import type { NpyArray } from "../files/npy-file.ts";
import { encodeNpz } from "../files/npz-file.ts";
import { withCanonicalNaN } from "./canonical-nan.ts";
import type { Network } from "./network.ts";
import { outputFirst, reversedAxes } from "./weights-layout.ts";

function arrayOf(shape: readonly number[], values: Float32Array): NpyArray {
  if (shape.length === 4) {
    const [height, width, from, to] = shape as [number, number, number, number];
    return { shape: [to, from, height, width], values: outputFirst(values, [height, width, from, to]) };
  }
  if (shape.length === 2) {
    const [from, to] = shape as [number, number];
    return { shape: [to, from], values: reversedAxes(values, [from, to]) };
  }
  return { shape, values };
}

/**
 * A network's parameters, then its running averages, by the names and in the order of `weightsHash`, in PyTorch's layout:
 * convolutions [out, in, height, width], the head [classes, features].
 */
export function networkArrays(network: Network): Map<string, NpyArray> {
  const arrays = new Map<string, NpyArray>();
  for (const { name, tensor } of network.parameters) {
    arrays.set(name, arrayOf(tensor.shape, withCanonicalNaN(tensor.dataSync() as Float32Array)));
  }
  for (const [name, { mean, variance }] of network.norms) {
    arrays.set(`${name}.mean`, arrayOf([mean.length], withCanonicalNaN(mean)));
    arrays.set(`${name}.variance`, arrayOf([variance.length], withCanonicalNaN(variance)));
  }
  return arrays;
}

/** A network's weights and running averages as the bytes of an .npz file. */
export function encodeWeights(network: Network): Uint8Array {
  return encodeNpz(networkArrays(network));
}
