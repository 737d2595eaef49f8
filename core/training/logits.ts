import type { Network } from "./network.ts";
import type { NormalizedImages } from "./normalized-images.ts";
import type { Operations } from "./operations.ts";

/** Images at once; more would only take more memory. */
const BATCH = 64;

/** The linear layer on features [N, D], in double precision: [N, classes]. */
function linear(features: Float32Array, { head }: Network): Float32Array {
  const [width, classes] = head.weights.shape as [number, number];
  const [weights, bias] = [head.weights.dataSync(), head.bias.dataSync()];
  return Float32Array.from({ length: (features.length / width) * classes }, (_, at) => {
    const [image, answer] = [Math.floor(at / classes), at % classes];
    let sum = bias[answer] as number;
    for (let input = 0; input < width; input++) {
      sum += (features[image * width + input] as number) * (weights[input * classes + answer] as number);
    }
    return sum;
  });
}

/**
 * What a network answers to images: logits, shape [N, classes]. Batch normalisation uses the running averages, so an image's
 * logits do not depend on the others.
 */
export function logitsOf(operations: Operations, network: Network, images: NormalizedImages): Float32Array {
  const [count, ...sides] = images.shape;
  const perImage = sides.reduce((product, length) => product * length, 1);
  operations.phase = "running";
  const logits = new Float32Array(count * network.shape.classes);
  for (let start = 0; start < count; start += BATCH) {
    const size = Math.min(BATCH, count - start);
    const pixels = images.pixels.subarray(start * perImage, (start + size) * perImage);
    const batch = operations.batch(pixels, [size, ...sides], new Int32Array(size));
    logits.set(linear(operations.features(network.forward, batch), network), start * network.shape.classes);
    batch.images.dispose();
    batch.labels.dispose();
  }
  return logits;
}
