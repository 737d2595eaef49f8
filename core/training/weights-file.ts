import { existsSync } from "node:fs";
import { HarnessError } from "../errors/harness-error.ts";
import { encodeNpz, type NpzArray } from "../files/npz-file.ts";
import { withCanonicalNaN } from "./canonical-nan.ts";
import type { Network } from "./network.ts";

/** Values with their axes in reverse order. */
function reversedAxes(values: Float32Array, [rows, columns]: readonly [number, number]): Float32Array {
  return Float32Array.from(values, (_, at) => values[(at % rows) * columns + Math.floor(at / rows)] as number);
}

/** Convolution weights [size, size, C, K] as [K, C, size, size]. */
function outputFirst(values: Float32Array, [height, width, from, to]: readonly [number, number, number, number]) {
  const moved = new Float32Array(values.length);
  let source = 0;
  for (let tap = 0; tap < height * width; tap++) {
    for (let input = 0; input < from; input++) {
      for (let output = 0; output < to; output++) {
        moved[(output * from + input) * height * width + tap] = values[source++] as number;
      }
    }
  }
  return moved;
}

function arrayOf(shape: readonly number[], values: Float32Array): NpzArray {
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
export function networkArrays(network: Network): Map<string, NpzArray> {
  const arrays = new Map<string, NpzArray>();
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

/**
 * Demands that a weights file may be written there. Asked before a training, which takes longer.
 * @throws NAS_USAGE if the name does not end in .npz, NAS_OUTPUT_EXISTS
 */
export function requireWeightsFile(file: string): void {
  if (!file.endsWith(".npz")) {
    throw new HarnessError("NAS_USAGE", {
      what: `weights are saved as .npz, not as "${file}"`,
      where: "--save",
      allowed: "a file name that ends in .npz",
      next: "correct the name",
    });
  }
  if (!existsSync(file)) return;
  throw new HarnessError("NAS_OUTPUT_EXISTS", {
    what: "the file for the weights exists",
    where: file,
    next: "name another file, or remove this one",
  });
}
