import { Random } from "../../random/random.ts";
import type { Operation } from "../../space/operations.ts";
import type { Tensor } from "../backend.ts";
import { Network, type NetworkShape } from "../network.ts";
import type { Batch, BatchResult, Operations, Optimiser } from "../operations.ts";

/** A batch of random images and labels before it has an implementation's own layout. */
export interface Images {
  /** Shape [N, H, W, C], standard normal. */
  readonly pixels: Float32Array;
  /** [N, H, W, C] */
  readonly shape: readonly [number, number, number, number];
  /** Shape [N], from 0 to the number of classes less one. */
  readonly labels: Int32Array;
}

/** Standard normal pixels with labels that take turns; always the same ones. @param batch number of images */
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

/** A network with its optimiser and one batch on which it is trained again and again: for checks, measurements and tests. */
export class TrainedNetwork {
  readonly network: Network;
  /** In the network's order. */
  readonly parameters: readonly Tensor[];
  readonly #operations: Operations;
  readonly #momenta: readonly Tensor[];
  readonly #batch: Batch;
  readonly #settings: Pick<Optimiser, "learningRate" | "momentum" | "weightDecay">;

  /** @param edges operations on the six edges; null where nothing is to be computed */
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

  /** Frees the network, its momenta and the batch. */
  dispose(): void {
    this.network.dispose();
    for (const tensor of [...this.#momenta, this.#batch.images, this.#batch.labels]) tensor.dispose();
  }
}
