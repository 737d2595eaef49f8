import { HarnessError } from "../errors/harness-error.ts";
import { type OpenBackend, type Tensor, type Tf, wasmBackend } from "./backend.ts";
import { GradientTape } from "./gradient-tape.ts";
import { Arena, type ArenaValue, KernelHost } from "./kernel-memory.ts";
import { checkChannels, checkInputChannels } from "./kernel-shapes.ts";
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
  type Value,
  type Window,
} from "./operations.ts";
import { KERNEL_BODIES, type KernelName, registerKernels, statisticsWidth } from "./wasm-kernels.ts";

/** The project's fused kernels on the tfjs wasm backend, layout [H, W, N, C]. Values between layers live in an arena. */
export class WasmOperations implements Operations {
  phase: NormPhase = "train";
  readonly #tf: Tf;
  readonly #arena: Arena;
  readonly #host: KernelHost;
  #tape: GradientTape | null = null;
  /** Parameters whose gradients are asked for. */
  #wanted: ReadonlySet<Value> = new Set();

  constructor({ tf }: OpenBackend) {
    this.#tf = tf;
    const backend = wasmBackend(tf);
    this.#arena = new Arena(backend);
    this.#host = new KernelHost(backend, this.#arena);
    registerKernels(tf, new KernelHost(backend, null));
  }

  batch(pixels: Float32Array, shape: readonly [number, number, number, number], labels: Int32Array): Batch {
    const [n, height, width, channels] = shape;
    const slab = n * channels;
    const moved = new Float32Array(pixels.length);
    for (let image = 0, from = 0; image < n; image++) {
      for (let pixel = 0; pixel < height * width; pixel++) {
        for (let channel = 0; channel < channels; channel++) {
          moved[pixel * slab + image * channels + channel] = pixels[from++] as number;
        }
      }
    }
    return {
      images: this.#tf.tensor(moved, [height, width, n, channels]),
      labels: this.#tf.tensor1d(labels, "int32"),
      size: n,
    };
  }

  parameter(values: Float32Array, shape: readonly number[]): Tensor {
    return this.#tf.keep(this.#tf.tensor(values, [...shape]));
  }

  setParameter(parameter: Tensor, values: Float32Array): void {
    this.#host.view(parameter).set(values);
  }

  stem(images: Tensor, weights: Tensor, norm: Norm): Value {
    return this.#convolutionNorm(images, weights, norm, 1, false, false);
  }

  convolutionNorm(x: Value, weights: Tensor, norm: Norm, { stride, relu }: { stride: number; relu: boolean }): Value {
    return this.#convolutionNorm(x, weights, norm, stride, relu, true);
  }

  pointwise(x: Value, weights: Tensor): Value {
    checkInputChannels(x.shape[3] as number);
    checkChannels(weights.shape[3] as number, x.size / (x.shape[3] as number));
    const [y] = this.#run("NasPointwise", { x, weights }) as [ArenaValue];
    this.#tape?.record(y, (dy) => {
      const [dx, dweights] = this.#run("NasPointwiseGradient", { x, weights, dy }) as [ArenaValue, ArenaValue];
      this.#tape?.contribute(x, dx);
      this.#tape?.contribute(weights, dweights);
    });
    return y;
  }

  averagePool(x: Value, window: Window): Value {
    checkInputChannels(x.shape[3] as number);
    const [y] = this.#run("NasAveragePool", { x }, { ...window }) as [ArenaValue];
    const [height, width] = x.shape as [number, number];
    this.#tape?.record(y, (dy) => {
      const [dx] = this.#run("NasAveragePoolGradient", { dy }, { ...window, height, width }) as [ArenaValue];
      this.#tape?.contribute(x, dx);
    });
    return y;
  }

  sum(parts: readonly Value[]): Value {
    const total = parts.reduce((sum, part) => this.#add(sum, part));
    if (parts.length > 1) {
      this.#tape?.record(total, (gradient) => {
        for (const part of parts) this.#tape?.contribute(part, gradient);
      });
    }
    return total;
  }

  mix(parts: readonly (Value | null)[], weights: Tensor, offset: number): Value {
    const { kernels } = this.#host;
    const present = parts.flatMap((part, at) => (part === null ? [] : [{ part, at: offset + at }]));
    const { shape, size } = (present[0] as { part: Value }).part;
    const y = this.#arena.value(shape);
    // Read anew where it is used: the memory may grow in between.
    const weightAt = (at: number) => this.#host.view(weights)[at] as number;
    present.forEach(({ part, at }, order) => {
      const add = order === 0 ? kernels.scaleInto : kernels.addScaled;
      add(this.#host.at(part), this.#host.at(y), size, weightAt(at));
    });
    this.#tape?.record(y, (dy) => {
      for (const { part, at } of present) {
        const dx = this.#arena.value(shape);
        kernels.scaleInto(this.#host.at(dy), this.#host.at(dx), size, weightAt(at));
        this.#tape?.contribute(part, dx);
      }
      if (!this.#wants(weights)) return;
      const dots = present.map(
        ({ part, at }) => [at, kernels.dot(this.#host.at(dy), this.#host.at(part), size)] as const,
      );
      this.#contributeTo(weights, dots);
    });
    return y;
  }

  gate(x: Value, weights: Tensor, offset: number, choice: number, count: number): Value {
    const { kernels } = this.#host;
    const weightAt = (at: number) => this.#host.view(weights)[at] as number;
    const y = this.#arena.value(x.shape);
    kernels.scaleInto(this.#host.at(x), this.#host.at(y), x.size, weightAt(offset + choice));
    this.#tape?.record(y, (dy) => {
      const dx = this.#arena.value(x.shape);
      kernels.scaleInto(this.#host.at(dy), this.#host.at(dx), x.size, weightAt(offset + choice));
      this.#tape?.contribute(x, dx);
      if (!this.#wants(weights)) return;
      const others = kernels.total(this.#host.at(dy), x.size);
      const own = kernels.dot(this.#host.at(dy), this.#host.at(x), x.size);
      const all = Array.from({ length: count }, (_, at) => [offset + at, at === choice ? own : others] as const);
      this.#contributeTo(weights, all);
    });
    return y;
  }

  zerosLike(x: Value): Value {
    const zeros = this.#arena.value(x.shape);
    this.#host.view(zeros).fill(0);
    return zeros;
  }

  normReluMean(x: Value, norm: Norm): Value {
    const { gamma, beta } = norm;
    checkChannels(x.shape[3] as number, x.size / (x.shape[3] as number));
    if (this.phase === "running") {
      const inputs = { x, statistics: this.#runningStatistics(norm), gamma, beta };
      const [normalized] = this.#run("NasNormalizeBy", inputs) as [ArenaValue];
      return this.#run("NasReluMean", { x: normalized })[0] as ArenaValue;
    }
    const outputs = this.#run("NasNormReluMean", { x, gamma, beta }) as [ArenaValue, ArenaValue, ArenaValue];
    const [features, rectified, statistics] = outputs;
    this.#updateRunning(norm, statistics, x.size / (x.shape[3] as number));
    this.#tape?.record(features, (dy) => {
      const inputs = { x, rectified, statistics, gamma, dy };
      const [dx, dgamma, dbeta] = this.#run("NasNormReluMeanGradient", inputs) as [ArenaValue, ArenaValue, ArenaValue];
      this.#tape?.contribute(x, dx);
      this.#tape?.contribute(gamma, dgamma);
      this.#tape?.contribute(beta, dbeta);
    });
    return features;
  }

  features(forward: Forward, batch: Batch): Float32Array {
    return this.#scoped(() => this.#host.view(forward(batch.images)).slice());
  }

  evaluate(forward: Forward, head: Head, batch: Batch): BatchResult {
    return this.#scoped(() => {
      const features = forward(batch.images);
      const [images, inputs] = features.shape as [number, number];
      const host = this.#host;
      host.takeCorrect();
      const loss = host.kernels.headLoss(
        ...([host.at(features), host.at(head.weights), host.at(head.bias), host.at(batch.labels)] as const),
        ...([images, inputs, head.bias.size, host.scratch, host.correctCounter] as const),
      );
      return { loss, correct: host.takeCorrect() };
    });
  }

  trainStep(forward: Forward, head: Head, batch: Batch, optimiser: Optimiser): BatchResult {
    return this.#scoped(() => {
      const { result, tape } = this.#backward(forward, head, batch, optimiser.parameters);
      this.#clip(tape, optimiser);
      optimiser.parameters.forEach((parameter, at) => {
        const gradient = tape.gradientOf(parameter);
        if (gradient === undefined) return;
        const { learningRate, momentum, weightDecay } = optimiser;
        const host = this.#host;
        host.kernels.nesterovStep(
          ...([host.at(parameter), host.at(gradient), host.at(optimiser.momenta[at])] as const),
          ...([parameter.size, learningRate, momentum, weightDecay] as const),
        );
      });
      return result;
    });
  }

  gradients(forward: Forward, head: Head, batch: Batch, parameters: readonly Tensor[]) {
    return this.#scoped(() => {
      const { result, tape } = this.#backward(forward, head, batch, parameters);
      const gradients = parameters.map((parameter) => {
        const gradient = tape.gradientOf(parameter);
        return gradient === undefined ? new Float32Array(parameter.size) : this.#host.view(gradient).slice();
      });
      return { ...result, gradients };
    });
  }

  #convolutionNorm(x: Value, weights: Tensor, norm: Norm, stride: number, relu: boolean, needsInput: boolean): Value {
    const [height, width, images, channels] = x.shape as [number, number, number, number];
    const rows = Math.ceil(height / stride) * Math.ceil(width / stride) * images;
    checkChannels(weights.shape[3] as number, rows);
    if (needsInput) checkInputChannels(channels);
    const { gamma, beta } = norm;
    const attributes = { stride, relu: Number(relu), needsInput: Number(needsInput) };
    if (this.phase === "running") {
      const inputs = { x, weights, statistics: this.#runningStatistics(norm), gamma, beta };
      return (this.#run("NasConvolutionNormBy", inputs, attributes) as [ArenaValue])[0];
    }
    const outputs = this.#run("NasConvolutionNorm", { x, weights, gamma, beta }, attributes);
    const [y, z, statistics, rectified] = outputs as [ArenaValue, ArenaValue, ArenaValue, ArenaValue?];
    this.#updateRunning(norm, statistics, rows);
    this.#tape?.record(y, (dy) => {
      const inputs = { input: rectified ?? x, weights, gamma, z, statistics, dy };
      const needsWeights = Number(this.#wants(weights));
      const outputs = this.#run("NasConvolutionNormGradient", inputs, { ...attributes, needsWeights });
      const [dweights, dgamma, dbeta, dx] = outputs as [ArenaValue, ArenaValue, ArenaValue, ArenaValue?];
      if (needsWeights === 1) this.#tape?.contribute(weights, dweights);
      this.#tape?.contribute(gamma, dgamma);
      this.#tape?.contribute(beta, dbeta);
      if (dx !== undefined) this.#tape?.contribute(x, dx);
    });
    return y;
  }

  #backward(
    forward: Forward,
    head: Head,
    batch: Batch,
    wanted: readonly Tensor[],
  ): { result: BatchResult; tape: GradientTape } {
    if (this.phase === "running") {
      throw new HarnessError("NAS_INTERNAL", { what: "gradients were asked for while BN uses its running averages" });
    }
    const tape = new GradientTape((a, b) => this.#add(a, b));
    this.#tape = tape;
    this.#wanted = new Set(wanted);
    try {
      const features = forward(batch.images);
      const [images, inputs] = features.shape as [number, number];
      const classes = head.bias.size;
      const host = this.#host;
      const dfeatures = this.#arena.value([images, inputs]);
      const [dweights, dbias] = [this.#arena.value([inputs, classes]), this.#arena.value([classes])];
      host.takeCorrect();
      const loss = host.kernels.headLossAndGradients(
        ...([host.at(features), host.at(head.weights), host.at(head.bias), host.at(batch.labels)] as const),
        ...([host.at(dfeatures), host.at(dweights), host.at(dbias), images, inputs, classes] as const),
        ...([host.scratch, host.correctCounter] as const),
      );
      const result = { loss, correct: host.takeCorrect() };
      tape.contribute(features, dfeatures);
      tape.contribute(head.weights, dweights);
      tape.contribute(head.bias, dbias);
      tape.run();
      return { result, tape };
    } finally {
      this.#tape = null;
    }
  }

  /** Whether a parameter's gradient is asked for. */
  #wants(parameter: Value): boolean {
    return this.#wanted.has(parameter);
  }

  /** Adds to some values of a parameter's gradient. */
  #contributeTo(parameter: Value, parts: readonly (readonly [at: number, value: number])[]): void {
    const gradient = this.#arena.value(parameter.shape);
    const view = this.#host.view(gradient).fill(0);
    for (const [at, value] of parts) view[at] = value;
    this.#tape?.contribute(parameter, gradient);
  }

  /** Scales all gradients down to the optimiser's largest norm. */
  #clip(tape: GradientTape, { parameters, clipNorm }: Optimiser): void {
    if (clipNorm === undefined) return;
    const { kernels } = this.#host;
    const gradients = parameters.flatMap((parameter) => tape.gradientOf(parameter) ?? []);
    const squares = gradients.map((own) => kernels.dot(this.#host.at(own), this.#host.at(own), own.size));
    const factor = clipFactor(Math.sqrt(squares.reduce((sum, square) => sum + square, 0)), clipNorm);
    if (factor === 1) return;
    for (const own of gradients) kernels.scaleInto(this.#host.at(own), this.#host.at(own), own.size, factor);
  }

  /** [3, width]: running mean, reciprocal deviation, nothing. */
  #runningStatistics(norm: Norm): ArenaValue {
    const channels = norm.mean.length;
    const width = statisticsWidth(channels);
    const values = new Float32Array(3 * width);
    for (let at = 0; at < width; at++) {
      const own = at % channels;
      values[at] = norm.mean[own] as number;
      values[width + at] = 1 / Math.sqrt((norm.variance[own] as number) + NORM_EPSILON);
    }
    const statistics = this.#arena.value([3, width]);
    this.#host.view(statistics).set(values);
    return statistics;
  }

  #updateRunning({ mean, variance }: Norm, statistics: ArenaValue, rows: number): void {
    if (this.phase !== "train") return;
    const values = this.#host.view(statistics);
    const width = statistics.shape[1] as number;
    for (let channel = 0; channel < mean.length; channel++) {
      const unbiased = ((values[2 * width + channel] as number) * rows) / (rows - 1);
      mean[channel] = (1 - NORM_MOMENTUM) * (mean[channel] as number) + NORM_MOMENTUM * (values[channel] as number);
      variance[channel] = (1 - NORM_MOMENTUM) * (variance[channel] as number) + NORM_MOMENTUM * unbiased;
    }
  }

  #add(a: Value, b: Value): ArenaValue {
    return (this.#run("NasAdd", { a, b }) as [ArenaValue])[0];
  }

  #run(name: KernelName, inputs: Record<string, Value>, attributes: Record<string, number> = {}): ArenaValue[] {
    return KERNEL_BODIES[name](this.#host, inputs, attributes) as ArenaValue[];
  }

  /** Frees all values of the step before; those of this one last until the next. */
  #scoped<T>(body: () => T): T {
    this.#arena.reset();
    return body();
  }
}
