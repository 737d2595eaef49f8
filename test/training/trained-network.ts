import { Random } from "../../core/random/random.ts";
import type { Operation } from "../../core/space/operations.ts";
import type { Tensor } from "../../core/training/backend.ts";
import { Network, type NetworkShape } from "../../core/training/network.ts";
import type { Batch, BatchResult, Operations, Optimiser } from "../../core/training/operations.ts";

/** Random images and labels, not in any layout but [N, H, W, C]. */
export interface Images {
  readonly pixels: Float32Array;
  readonly shape: readonly [number, number, number, number];
  readonly labels: Int32Array;
}

/** Standard normal pixels with labels that take turns. */
export function randomImages(shape: NetworkShape, batch: number): Images {
  const { imageSize, imageChannels, classes } = shape;
  const random = new Random("696d61676573000000000000000000ff");
  const count = batch * imageSize * imageSize * imageChannels;
  return {
    pixels: Float32Array.from({ length: count }, () => random.normal()),
    shape: [batch, imageSize, imageSize, imageChannels],
    labels: Int32Array.from({ length: batch }, (_, at) => at % classes),
  };
}

/** A network with its optimiser and one batch on which it is trained again and again. */
export class TrainedNetwork {
  readonly network: Network;
  readonly parameters: readonly Tensor[];
  readonly #operations: Operations;
  readonly #momenta: readonly Tensor[];
  readonly #batch: Batch;
  readonly #settings: Pick<Optimiser, "learningRate" | "momentum" | "weightDecay">;

  constructor(
    operations: Operations,
    shape: NetworkShape,
    edges: readonly (Operation | null)[],
    images: Images,
    settings = { learningRate: 0.1, momentum: 0.9, weightDecay: 5e-4 },
  ) {
    this.#operations = operations;
    this.#settings = settings;
    this.network = new Network(operations, shape, edges, 7);
    this.parameters = this.network.parameters.map(({ tensor }) => tensor);
    this.#momenta = this.parameters.map((tensor) => operations.parameter(new Float32Array(tensor.size), tensor.shape));
    this.#batch = operations.batch(images.pixels, images.shape, images.labels);
  }

  /** One step on the batch. */
  step(): BatchResult {
    const optimiser = { parameters: this.parameters, momenta: this.#momenta, ...this.#settings };
    return this.#operations.trainStep(this.network.forward, this.network.head, this.#batch, optimiser);
  }

  /** Gradients of all parameters on the batch. */
  gradients(): BatchResult & { readonly gradients: Float32Array[] } {
    return this.#operations.gradients(this.network.forward, this.network.head, this.#batch, this.parameters);
  }

  /** The batch, evaluated. */
  evaluate(): BatchResult {
    return this.#operations.evaluate(this.network.forward, this.network.head, this.#batch);
  }

  /** Copies of all parameters by name. */
  weights(): Map<string, Float32Array> {
    return new Map(
      this.network.parameters.map(({ name, tensor }) => [name, (tensor.dataSync() as Float32Array).slice()]),
    );
  }

  dispose(): void {
    this.network.dispose();
    for (const tensor of [...this.#momenta, this.#batch.images, this.#batch.labels]) tensor.dispose();
  }
}
