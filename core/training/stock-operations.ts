import type { OpenBackend, Tensor, Tf } from "./backend.ts";
import {
  type Batch,
  type BatchResult,
  clipFactor,
  type Forward,
  type Head,
  NORM_EPSILON,
  NORM_MOMENTUM,
  type Norm,
  type NormPhase,
  type Operations,
  type Optimiser,
  type Window,
} from "./operations.ts";

type Tensor4 = import("@tensorflow/tfjs").Tensor4D;

/**
 * Stock tfjs operations in layout [N, H, W, C], with tfjs's own gradients: the reference that the fused kernels are checked
 * against, and what serves every backend that the kernels can't run on.
 */
export class StockOperations implements Operations {
  phase: NormPhase = "train";
  readonly #tf: Tf;

  constructor({ tf }: OpenBackend) {
    this.#tf = tf;
  }

  batch(pixels: Float32Array, shape: readonly [number, number, number, number], labels: Int32Array): Batch {
    return { images: this.#tf.tensor(pixels, [...shape]), labels: this.#tf.tensor1d(labels, "int32"), size: shape[0] };
  }

  parameter(values: Float32Array, shape: readonly number[]): Tensor {
    const initial = this.#tf.tensor(values, [...shape]);
    const variable = this.#tf.keep(this.#tf.variable(initial));
    initial.dispose();
    return variable;
  }

  setParameter(parameter: Tensor, values: Float32Array): void {
    const next = this.#tf.tensor(values, parameter.shape);
    (parameter as import("@tensorflow/tfjs").Variable).assign(next);
    next.dispose();
  }

  stem(images: Tensor, weights: Tensor, norm: Norm): Tensor {
    return this.#normalize(this.#convolve(images, weights, 1), norm);
  }

  convolutionNorm(x: Tensor, weights: Tensor, norm: Norm, { stride, relu }: { stride: number; relu: boolean }): Tensor {
    return this.#normalize(this.#convolve(relu ? this.#tf.relu(x) : x, weights, stride), norm);
  }

  pointwise(x: Tensor, weights: Tensor): Tensor {
    return this.#convolve(x, weights, 1);
  }

  averagePool(x: Tensor, { size, stride, padding }: Window): Tensor {
    const tf = this.#tf;
    // Sums over the window divided by the number of pixels inside the image; stock pooling pads before it counts.
    const windowSums = (values: Tensor) =>
      tf.mul(tf.avgPool(this.#pad(values, padding), size, stride, "valid"), size * size);
    return tf.div(windowSums(x), windowSums(tf.onesLike(x)));
  }

  sum(parts: readonly Tensor[]): Tensor {
    return parts.reduce((total, part) => this.#tf.add(total, part));
  }

  mix(parts: readonly (Tensor | null)[], weights: Tensor, offset: number): Tensor {
    const tf = this.#tf;
    const scaled = parts.flatMap((part, at) =>
      part === null ? [] : [tf.mul(part, this.#weightAt(weights, offset + at))],
    );
    return this.sum(scaled);
  }

  gate(x: Tensor, weights: Tensor, offset: number, choice: number, count: number): Tensor {
    const others = Array.from({ length: count }, (_, at) => at).filter((at) => at !== choice);
    const scaled = this.#tf.mul(x, this.#weightAt(weights, offset + choice));
    return others.reduce((sum, at) => this.#tf.add(sum, this.#weightAt(weights, offset + at)), scaled);
  }

  zerosLike(x: Tensor): Tensor {
    // Not tf.zerosLike: its gradient is zeros, and weight decay would then move parameters that nothing reaches.
    return this.#tf.zeros(x.shape);
  }

  normReluMean(x: Tensor, norm: Norm): Tensor {
    return this.#tf.mean(this.#tf.relu(this.#normalize(x, norm)), [1, 2]);
  }

  features(forward: Forward, batch: Batch): Float32Array {
    return this.#tf.tidy(() => (forward(batch.images) as Tensor).dataSync().slice() as Float32Array);
  }

  evaluate(forward: Forward, head: Head, batch: Batch): BatchResult {
    const tf = this.#tf;
    return tf.tidy(() => {
      const logits = this.#logits(forward(batch.images) as Tensor, head);
      return { loss: this.#loss(logits, batch).dataSync()[0] as number, correct: this.#correct(logits, batch) };
    });
  }

  trainStep(forward: Forward, head: Head, batch: Batch, optimiser: Optimiser): BatchResult {
    const tf = this.#tf;
    return tf.tidy(() => {
      const { parameters, momenta, learningRate, momentum, weightDecay } = optimiser;
      const { gradients, ...result } = this.#gradientTensors(forward, head, batch, parameters);
      const factor = optimiser.clipNorm === undefined ? 1 : clipFactor(this.#norm(gradients), optimiser.clipNorm);
      parameters.forEach((parameter, at) => {
        const own = gradients[at];
        if (own === null || own === undefined) return;
        const gradient = factor === 1 ? own : tf.mul(own, factor);
        const decayed = tf.add(gradient, tf.mul(parameter, weightDecay));
        const velocity = tf.add(tf.mul(momenta[at] as Tensor, momentum), decayed);
        const step = tf.mul(tf.add(decayed, tf.mul(velocity, momentum)), learningRate);
        (momenta[at] as import("@tensorflow/tfjs").Variable).assign(velocity);
        (parameter as import("@tensorflow/tfjs").Variable).assign(tf.sub(parameter, step));
      });
      return result;
    });
  }

  gradients(forward: Forward, head: Head, batch: Batch, parameters: readonly Tensor[]) {
    return this.#tf.tidy(() => {
      const { gradients, ...result } = this.#gradientTensors(forward, head, batch, parameters);
      return {
        ...result,
        gradients: parameters.map(
          (parameter, at) =>
            (gradients[at]?.dataSync() as Float32Array | undefined)?.slice() ?? new Float32Array(parameter.size),
        ),
      };
    });
  }

  /** Euclidean norm of all gradients together. */
  #norm(gradients: readonly (Tensor | null)[]): number {
    const tf = this.#tf;
    const squares = gradients.map((own) => (own === null ? 0 : (tf.sum(tf.square(own)).dataSync()[0] as number)));
    return Math.sqrt(squares.reduce((sum, square) => sum + square, 0));
  }

  #gradientTensors(forward: Forward, head: Head, batch: Batch, parameters: readonly Tensor[]) {
    const tf = this.#tf;
    let logits: Tensor | null = null;
    const loss = () => {
      logits = tf.keep(this.#logits(forward(batch.images) as Tensor, head));
      return this.#loss(logits, batch) as import("@tensorflow/tfjs").Scalar;
    };
    const variables = parameters as import("@tensorflow/tfjs").Variable[];
    const { value, grads } = tf.variableGrads(loss, variables);
    const correct = this.#correct(logits as unknown as Tensor, batch);
    (logits as unknown as Tensor).dispose();
    return {
      loss: value.dataSync()[0] as number,
      correct,
      gradients: variables.map((variable) => (grads[variable.name] as Tensor | null | undefined) ?? null),
    };
  }

  #weightAt(weights: Tensor, at: number): Tensor {
    return this.#tf.slice(weights as import("@tensorflow/tfjs").Tensor1D, [at], [1]);
  }

  #logits(features: Tensor, head: Head): Tensor {
    return this.#tf.add(this.#tf.matMul(features, head.weights), head.bias);
  }

  #loss(logits: Tensor, { labels, size }: Batch): Tensor {
    const tf = this.#tf;
    const oneHot = tf.oneHot(labels as import("@tensorflow/tfjs").Tensor1D, logits.shape[1] as number);
    return tf.neg(tf.div(tf.sum(tf.mul(tf.logSoftmax(logits), oneHot)), size));
  }

  #correct(logits: Tensor, { labels }: Batch): number {
    const tf = this.#tf;
    return tf.sum(tf.cast(tf.equal(tf.argMax(logits, 1), labels), "int32")).dataSync()[0] as number;
  }

  #convolve(x: Tensor, weights: Tensor, stride: number): Tensor {
    const filter = weights as Tensor4;
    // tfjs-node refuses a padding in pixels, and "same" pads one side only at stride 2.
    if (stride === 1) return this.#tf.conv2d(x as Tensor4, filter, 1, "same");
    return this.#tf.conv2d(this.#pad(x, (filter.shape[0] - 1) >> 1), filter, stride, "valid");
  }

  /** Zeros around each image. */
  #pad(x: Tensor, pixels: number): Tensor4 {
    const both = [pixels, pixels];
    return this.#tf.pad(x as Tensor4, [[0, 0], both, both, [0, 0]] as [number, number][]);
  }

  #normalize(x: Tensor, norm: Norm): Tensor {
    const tf = this.#tf;
    const axes = [0, 1, 2];
    const isRunning = this.phase === "running";
    const mean = isRunning ? tf.tensor1d(norm.mean) : tf.mean(x, axes);
    const centred = tf.sub(x, mean);
    const variance = isRunning ? tf.tensor1d(norm.variance) : tf.mean(tf.square(centred), axes);
    if (this.phase === "train") this.#updateRunning(norm, mean, variance, x.size / (x.shape[3] as number));
    const deviation = tf.rsqrt(tf.add(variance, NORM_EPSILON));
    return tf.add(tf.mul(tf.mul(centred, deviation), norm.gamma), norm.beta);
  }

  #updateRunning(norm: Norm, mean: Tensor, variance: Tensor, rows: number): void {
    const [means, variances] = [mean.dataSync(), variance.dataSync()];
    for (let channel = 0; channel < norm.mean.length; channel++) {
      const unbiased = ((variances[channel] as number) * rows) / (rows - 1);
      norm.mean[channel] =
        (1 - NORM_MOMENTUM) * (norm.mean[channel] as number) + NORM_MOMENTUM * (means[channel] as number);
      norm.variance[channel] = (1 - NORM_MOMENTUM) * (norm.variance[channel] as number) + NORM_MOMENTUM * unbiased;
    }
  }
}
