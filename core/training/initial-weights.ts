import { Random } from "../random/random.ts";
import { hashOf } from "../random/seed.ts";

/**
 * Initial weights of a layer, uniform in ±1/sqrt(fan-in): PyTorch's default for convolutions and linear layers, which the
 * authors' network uses. The stream depends only on the trial seed and the layer's own name, so a layer starts the same in
 * every architecture that has it.
 * @param fanIn inputs of one output: size x size x channels
 */
export function initialWeights(trialSeed: number, layer: string, count: number, fanIn: number): Float32Array {
  const random = new Random(hashOf(["nas-harness/weights", trialSeed, layer]));
  const bound = 1 / Math.sqrt(fanIn);
  return Float32Array.from({ length: count }, () => (2 * random.uniform() - 1) * bound);
}
