import { createHash } from "node:crypto";
import { choicesOf, isArchitecture } from "../../space/codec.ts";
import { ARCHITECTURE_COUNT } from "../../space/operations.ts";
import type { Tensor } from "../backend.ts";
import { withCanonicalNaN } from "../canonical-nan.ts";
import type { NetworkShape } from "../layers.ts";
import type { Batch, BatchResult, Operations } from "../operations.ts";
import { type CellMode, EDGE_WEIGHTS, Supernet as Layers } from "../supernet.ts";
import { badCall } from "./bad-call.ts";
import type {
  BatchScore,
  GradientRequest,
  ImageBatch,
  Supernet,
  SupernetGradients,
  SupernetOptions,
  WeightStep,
} from "./search-types.ts";
import { supernetMacs } from "./supernet-cost.ts";
import { EDGE_WEIGHT_COUNT, type SupernetMode } from "./supernet-mode.ts";
import type { TrainingClock } from "./training-clock.ts";

/** Everything of a supernet that a checkpoint keeps. */
export interface SupernetState {
  readonly weights: Float32Array;
  readonly momenta: Float32Array;
  /** Running means and variances, one layer after another. */
  readonly averages: Float32Array;
}

/** What a supernet gets besides its options. */
export interface SupernetParts {
  readonly operations: Operations;
  readonly shape: NetworkShape;
  readonly seed: number;
  readonly clock: TrainingClock;
}

/** Forward passes that each kind of call counts an image. */
const PASSES = { step: 3, allGradients: 3, edgeGradients: 2, evaluation: 1 } as const;

/** A supernet as a method gets it: every call is checked, charged, computed. */
export class SearchSupernet implements Supernet {
  readonly weightCount: number;
  readonly #layers: Layers;
  readonly #momenta: readonly Tensor[];
  readonly #parts: SupernetParts;
  readonly #options: SupernetOptions;

  constructor(parts: SupernetParts, options: SupernetOptions) {
    this.#parts = parts;
    this.#options = options;
    this.#layers = new Layers(parts.operations, parts.shape, parts.seed, options.affine);
    this.#momenta = this.#parameters.map(({ size, shape }) =>
      parts.operations.parameter(new Float32Array(size), shape),
    );
    this.weightCount = this.#parameters.reduce((sum, { size }) => sum + size, 0);
    Object.freeze(this);
  }

  /** @throws NAS_TRAINING_CALL, NAS_TRAINING_BUDGET, NAS_TRAINING_NAN */
  step(mode: SupernetMode, batch: ImageBatch, step: WeightStep): BatchScore {
    const { learningRate, momentum, weightDecay, clipNorm } = step;
    for (const [name, value] of Object.entries({ learningRate, momentum, weightDecay, clipNorm: clipNorm ?? 0 })) {
      if (!Number.isFinite(value) || value < 0) throw badCall("supernet.step", `${name} ${value}`, "a number from 0");
    }
    return this.#computed("step", mode, batch, PASSES.step, (cells, images) => {
      this.#parts.operations.phase = this.#options.batchStatistics ? "batch" : "train";
      return this.#parts.operations.trainStep(this.#layers.forward(cells), this.#layers.head, images, {
        parameters: this.#parameters,
        momenta: this.#momenta,
        ...{ learningRate, momentum, weightDecay },
        ...(clipNorm === null ? {} : { clipNorm }),
      });
    }).score;
  }

  /** @throws NAS_TRAINING_CALL, NAS_TRAINING_BUDGET, NAS_TRAINING_NAN */
  gradients(mode: SupernetMode, batch: ImageBatch, request: GradientRequest): SupernetGradients {
    const passes = request.weights ? PASSES.allGradients : PASSES.edgeGradients;
    const { score, result } = this.#computed("gradients", mode, batch, passes, (cells, images) => {
      const updates = request.updatesAverages && !this.#options.batchStatistics;
      this.#parts.operations.phase = updates ? "train" : "batch";
      const wanted = [...(request.weights ? this.#parameters : []), this.#layers.weights];
      return this.#parts.operations.gradients(this.#layers.forward(cells), this.#layers.head, images, wanted);
    });
    const edgeWeights = (result.gradients.at(-1) as Float32Array).slice(0, EDGE_WEIGHT_COUNT);
    return { ...score, edgeWeights, weights: request.weights ? this.#joined(result.gradients.slice(0, -1)) : null };
  }

  /** @throws NAS_TRAINING_CALL, NAS_TRAINING_BUDGET, NAS_TRAINING_NAN */
  evaluate(mode: SupernetMode, batch: ImageBatch): BatchScore {
    return this.#computed("evaluate", mode, batch, PASSES.evaluation, (cells, images) => {
      this.#parts.operations.phase = this.#options.batchStatistics ? "batch" : "running";
      return this.#parts.operations.evaluate(this.#layers.forward(cells), this.#layers.head, images);
    }).score;
  }

  weights(): Float32Array {
    return this.#joined(this.#parameters.map((tensor) => tensor.dataSync() as Float32Array));
  }

  /** @throws NAS_TRAINING_CALL */
  setWeights(values: Float32Array): void {
    if (!(values instanceof Float32Array) || values.length !== this.weightCount) {
      throw badCall("supernet.setWeights", "another kind or number of values", `a Float32Array of ${this.weightCount}`);
    }
    this.#set(this.#parameters, values);
  }

  momenta(): Float32Array {
    return this.#joined(this.#momenta.map((tensor) => tensor.dataSync() as Float32Array));
  }

  /** SHA-256 over names and values of the weights and the running averages. */
  hash(): string {
    const hash = createHash("sha256");
    const update = (name: string, values: Float32Array) => {
      hash.update(`${name}:${values.length}:`).update(new Uint8Array(withCanonicalNaN(values).buffer));
    };
    for (const { name, tensor } of this.#layers.parameters) update(name, tensor.dataSync() as Float32Array);
    update("averages", this.#averages());
    return hash.digest("hex");
  }

  /** Whether every weight is a finite number. */
  isFinite(): boolean {
    return this.#parameters.every((tensor) => (tensor.dataSync() as Float32Array).every(Number.isFinite));
  }

  /** For a checkpoint. */
  save(): SupernetState {
    return { weights: this.weights(), momenta: this.momenta(), averages: this.#averages() };
  }

  /** Takes back what {@link save} gave. */
  restore({ weights, momenta, averages }: SupernetState): void {
    this.#set(this.#parameters, weights);
    this.#set(this.#momenta, momenta);
    let from = 0;
    for (const { mean, variance } of this.#layers.norms.values()) {
      for (const part of [mean, variance]) {
        part.set(averages.subarray(from, from + part.length));
        from += part.length;
      }
    }
  }

  /** Frees its tensors. */
  dispose(): void {
    this.#layers.dispose();
    for (const tensor of this.#momenta) tensor.dispose();
  }

  get #parameters(): readonly Tensor[] {
    return this.#layers.parameters.map(({ tensor }) => tensor);
  }

  #computed<R extends BatchResult>(
    call: string,
    mode: SupernetMode,
    batch: ImageBatch,
    passes: number,
    compute: (cells: CellMode, images: Batch) => R,
  ): { readonly score: BatchScore; readonly result: R } {
    const { operations, clock, shape } = this.#parts;
    this.#checkMode(call, mode);
    this.#checkBatch(call, batch);
    const [size] = batch.shape;
    clock.charge(passes * size, supernetMacs(shape, mode));
    const cells = this.#prepare(mode);
    const images = operations.batch(batch.pixels, batch.shape, batch.labels);
    try {
      const result = compute(cells, images);
      return { score: { loss: result.loss, accuracy: (100 * result.correct) / size }, result };
    } finally {
      images.images.dispose();
      images.labels.dispose();
    }
  }

  /** The cells' mode; the edge weights are set for it. */
  #prepare(mode: SupernetMode): CellMode {
    const values = new Float32Array(EDGE_WEIGHTS);
    if (mode.kind === "mixture") {
      values.set(mode.weights);
      this.#parts.operations.setParameter(this.#layers.weights, values);
      return { kind: "mixture" };
    }
    const choices = choicesOf(mode.architecture);
    if (mode.kind === "gate") {
      const operations = EDGE_WEIGHT_COUNT / choices.length;
      choices.forEach((choice, edge) => {
        values[edge * operations + choice] = 1;
      });
      this.#parts.operations.setParameter(this.#layers.weights, values);
    }
    return { kind: mode.kind, choices };
  }

  #checkMode(call: string, mode: SupernetMode): void {
    if (mode?.kind === "mixture") {
      const values = Array.from(mode.weights ?? []);
      if (values.length === EDGE_WEIGHT_COUNT && values.every(Number.isFinite)) return;
      const what =
        values.length === EDGE_WEIGHT_COUNT ? "weights that are no finite numbers" : `${values.length} weights`;
      throw badCall(`supernet.${call}`, what, `${EDGE_WEIGHT_COUNT} finite numbers`);
    }
    if (mode?.kind !== "path" && mode?.kind !== "gate") {
      throw badCall(
        `supernet.${call}`,
        `the mode ${String((mode as { kind?: unknown } | null)?.kind)}`,
        "path, gate or mixture",
      );
    }
    if (!isArchitecture(mode.architecture)) {
      throw badCall(`supernet.${call}`, `architecture ${String(mode.architecture)}`, `0 to ${ARCHITECTURE_COUNT - 1}`);
    }
  }

  #checkBatch(call: string, { pixels, labels, shape }: ImageBatch): void {
    const { imageSize, imageChannels, classes } = this.#parts.shape;
    const [n, height, width, channels] = shape;
    const isShaped = n >= 2 && height === imageSize && width === imageSize && channels === imageChannels;
    const isFilled = pixels.length === n * height * width * channels && labels.length === n;
    if (isShaped && isFilled && labels.every((label) => label >= 0 && label < classes)) return;
    throw badCall(
      `supernet.${call}`,
      `a batch of shape [${shape.join(", ")}] with ${pixels.length} pixels and ${labels.length} labels`,
      `[n, ${imageSize}, ${imageSize}, ${imageChannels}] with n from 2 and labels from 0 to ${classes - 1}`,
    );
  }

  #averages(): Float32Array {
    return this.#joined([...this.#layers.norms.values()].flatMap(({ mean, variance }) => [mean, variance]));
  }

  #joined(parts: readonly Float32Array[]): Float32Array {
    const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const part of parts) {
      all.set(part, at);
      at += part.length;
    }
    return all;
  }

  #set(tensors: readonly Tensor[], values: Float32Array): void {
    let from = 0;
    for (const tensor of tensors) {
      this.#parts.operations.setParameter(tensor, values.subarray(from, from + tensor.size));
      from += tensor.size;
    }
  }
}
