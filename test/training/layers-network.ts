import type { SymbolicTensor, Tensor, Tensor1D, Tensor4D, Variable } from "@tensorflow/tfjs";
import { EDGES, type Operation } from "../../core/space/operations.ts";
import type { Tf } from "../../core/training/backend.ts";
import type { NetworkShape } from "../../core/training/network.ts";
import type { Optimiser } from "../../core/training/operations.ts";

type Layer = InstanceType<Tf["layers"]["Layer"]>;
type Settings = Pick<Optimiser, "learningRate" | "momentum" | "weightDecay">;

/**
 * Which average pooling: exact counts only pixels inside the image, forward and backward; stock is tfjs's padding "same",
 * which counts so forward but divides by the whole window in its gradient, so at the border it is not the derivative.
 */
export type LayersPooling = "exact" | "stock";

/**
 * The NAS-Bench-201 network made of tf.layers, on whichever tfjs backend is active, trained by tfjs's own optimiser: it
 * shares no line with `core/training`. Parameters have the names of that network's.
 */
export class LayersNetwork {
  readonly #tf: Tf;
  readonly #pooling: LayersPooling;
  readonly #model: ReturnType<Tf["model"]>;
  /** Layers with weights by name, and the names of their weights in tf.layers's order. */
  readonly #layers: { readonly layer: Layer; readonly weights: readonly string[] }[] = [];
  readonly #optimisers = new Map<string, ReturnType<Tf["train"]["momentum"]>>();

  /** @param edges operations on the six edges; null is not computed. Something must reach each cell's output. */
  constructor(tf: Tf, shape: NetworkShape, edges: readonly (Operation | null)[], pooling: LayersPooling = "exact") {
    this.#tf = tf;
    this.#pooling = pooling;
    const { imageSize, imageChannels, classes, cellsPerStage } = shape;
    const input = tf.input({ shape: [imageSize, imageSize, imageChannels] });
    let width = shape.channels;
    let x = this.#norm(this.#convolution(input, "stem", 3, width, 1), "stem");
    for (let stage = 0; stage < 3; stage++) {
      if (stage > 0) {
        width *= 2;
        x = this.#reduce(x, `reduction${stage}`, width);
      }
      for (let cell = 0; cell < cellsPerStage; cell++) x = this.#cell(x, `stage${stage}.cell${cell}`, edges, width);
    }
    x = tf.layers.reLU().apply(this.#norm(x, "last")) as SymbolicTensor;
    x = tf.layers.globalAveragePooling2d({ dataFormat: "channelsLast" }).apply(x) as SymbolicTensor;
    const head = tf.layers.dense({ units: classes });
    this.#model = tf.model({ inputs: input, outputs: head.apply(x) as SymbolicTensor });
    this.#layers.push({ layer: head, weights: ["head.weights", "head.bias"] });
  }

  /** Sets weights by name; running averages are those named `<layer>.mean` and `<layer>.variance`. */
  assign(values: ReadonlyMap<string, Float32Array>): void {
    const tf = this.#tf;
    for (const { layer, weights } of this.#layers) {
      const old = layer.getWeights();
      const tensors = weights.map((name, at) => {
        const own = old[at] as Tensor;
        const value = values.get(name);
        return value === undefined ? own.clone() : tf.tensor(value, own.shape);
      });
      layer.setWeights(tensors);
      tf.dispose(tensors);
    }
  }

  /** All weights and running averages by name. */
  values(): Map<string, Float32Array> {
    const entries = this.#layers.flatMap(({ layer, weights }) =>
      layer
        .getWeights()
        .map((tensor, at) => [weights[at] as string, tensor.dataSync().slice() as Float32Array] as const),
    );
    return new Map(entries);
  }

  /** Mean cross-entropy; with isTraining, BN normalises by the batch and updates its running averages. */
  loss(images: Tensor, labels: Tensor, isTraining: boolean): number {
    return this.#tf.tidy(() => this.#loss(images, labels, isTraining).dataSync()[0] as number);
  }

  /** A step of SGD with Nesterov momentum; returns the loss before it, without the decay's penalty. */
  trainStep(images: Tensor, labels: Tensor, settings: Settings): number {
    const tf = this.#tf;
    const variables = this.#layers.flatMap(({ layer }) =>
      layer.trainableWeights.map((weight) => (weight as unknown as { val: Variable }).val),
    );
    // Outside of the tidy scope: the optimiser owns tensors that outlive a step.
    const optimiser = this.#optimiser(settings);
    return tf.tidy(() => {
      let loss = Number.NaN;
      const { grads } = tf.variableGrads(() => {
        const crossEntropy = this.#loss(images, labels, true);
        loss = crossEntropy.dataSync()[0] as number;
        if (settings.weightDecay === 0) return crossEntropy.asScalar();
        // Half the squared weights times the decay, whose gradient is the decay times the weights.
        const squares = variables.map((variable) => tf.sum(tf.square(variable)));
        return tf.add(crossEntropy, tf.mul(tf.addN(squares), settings.weightDecay / 2)).asScalar();
      }, variables);
      optimiser.applyGradients(grads as never);
      return loss;
    });
  }

  /** Frees weights and momenta. */
  dispose(): void {
    this.#model.dispose();
    for (const optimiser of this.#optimisers.values()) optimiser.dispose();
  }

  #optimiser({ learningRate, momentum }: Settings) {
    const key = `${learningRate} ${momentum}`;
    const optimiser = this.#optimisers.get(key) ?? this.#tf.train.momentum(learningRate, momentum, true);
    this.#optimisers.set(key, optimiser);
    return optimiser;
  }

  #loss(images: Tensor, labels: Tensor, isTraining: boolean): Tensor {
    const tf = this.#tf;
    const logits = this.#model.apply(images, { training: isTraining }) as Tensor;
    return tf.losses.softmaxCrossEntropy(tf.oneHot(labels as Tensor1D, logits.shape[1] as number), logits);
  }

  #cell(input: SymbolicTensor, name: string, edges: readonly (Operation | null)[], width: number): SymbolicTensor {
    const nodes: (SymbolicTensor | undefined)[] = [input];
    for (let node = 1; node <= 3; node++) {
      const parts = EDGES.flatMap(({ from, to }, edge) => {
        const [operation, source] = [edges[edge], nodes[from]];
        if (to !== node || operation == null || operation === "none" || source === undefined) return [];
        return [this.#edge(source, `${name}.edge${edge}`, operation, width)];
      });
      if (parts.length > 0) nodes[node] = this.#sum(parts);
    }
    if (nodes[3] === undefined) throw new Error("nothing reaches the cell's output");
    return nodes[3];
  }

  #edge(x: SymbolicTensor, name: string, operation: Operation, width: number): SymbolicTensor {
    if (operation === "skip_connect") return x;
    if (operation === "avg_pool_3x3") return this.#averagePool(x, name);
    return this.#reluConvolutionNorm(x, name, operation === "nor_conv_1x1" ? 1 : 3, width, 1);
  }

  #reduce(x: SymbolicTensor, name: string, width: number): SymbolicTensor {
    const inner = this.#reluConvolutionNorm(x, `${name}.first`, 3, width, 2);
    const outer = this.#reluConvolutionNorm(inner, `${name}.second`, 3, width, 1);
    const halved = this.#tf.layers.averagePooling2d({ poolSize: 2, strides: 2 }).apply(x) as SymbolicTensor;
    return this.#sum([this.#convolution(halved, `${name}.shortcut`, 1, width, 1), outer]);
  }

  #reluConvolutionNorm(x: SymbolicTensor, name: string, size: number, width: number, stride: number): SymbolicTensor {
    const rectified = this.#tf.layers.reLU().apply(x) as SymbolicTensor;
    return this.#norm(this.#convolution(rectified, name, size, width, stride), name);
  }

  #convolution(x: SymbolicTensor, name: string, size: number, filters: number, strides: number): SymbolicTensor {
    const tf = this.#tf;
    // "same" pads one pixel on both sides at stride 1; at stride 2 it would pad the far side only, unlike PyTorch.
    const isPadded = size === 3 && strides === 2;
    const padded = isPadded ? (tf.layers.zeroPadding2d({ padding: 1 }).apply(x) as SymbolicTensor) : x;
    const padding = isPadded ? "valid" : "same";
    const layer = tf.layers.conv2d({ filters, kernelSize: size, strides, padding, useBias: false });
    this.#layers.push({ layer, weights: [`${name}.weights`] });
    return layer.apply(padded) as SymbolicTensor;
  }

  #norm(x: SymbolicTensor, name: string): SymbolicTensor {
    // The momentum of tf.layers is the share of the old average.
    const layer = this.#tf.layers.batchNormalization({ epsilon: 1e-5, momentum: 0.9 });
    this.#layers.push({ layer, weights: ["gamma", "beta", "mean", "variance"].map((part) => `${name}.${part}`) });
    return layer.apply(x) as SymbolicTensor;
  }

  #sum(parts: readonly SymbolicTensor[]): SymbolicTensor {
    return parts.length === 1
      ? (parts[0] as SymbolicTensor)
      : (this.#tf.layers.add().apply([...parts]) as SymbolicTensor);
  }

  #averagePool(x: SymbolicTensor, name: string): SymbolicTensor {
    const { layers } = this.#tf;
    if (this.#pooling === "stock") {
      return layers.averagePooling2d({ poolSize: 3, strides: 1, padding: "same" }).apply(x) as SymbolicTensor;
    }
    const padded = layers.zeroPadding2d({ padding: 1 }).apply(x);
    const means = layers.averagePooling2d({ poolSize: 3, strides: 1, padding: "valid" }).apply(padded);
    const [, height, width] = x.shape as [null, number, number];
    return this.#scale(
      `${name}.border`,
      (row, column) => 9 / (inside(row, height) * inside(column, width)),
      height,
      width,
    ).apply(means) as SymbolicTensor;
  }

  /** A layer that multiplies each pixel by its own constant. */
  #scale(name: string, factor: (row: number, column: number) => number, height: number, width: number): Layer {
    const tf = this.#tf;
    const factors = Array.from({ length: height * width }, (_, at) => factor(Math.floor(at / width), at % width));
    return new (class extends tf.layers.Layer {
      override call(inputs: Tensor | Tensor[]): Tensor {
        return tf.mul([inputs].flat()[0] as Tensor4D, tf.tensor4d(factors, [1, height, width, 1]));
      }
    })({ name });
  }
}

/** How many of three neighbouring pixels lie inside a row of that length. */
function inside(at: number, length: number): number {
  return Math.min(length, at + 2) - Math.max(0, at - 1);
}
