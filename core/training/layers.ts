import type { Tensor } from "./backend.ts";
import { initialWeights } from "./initial-weights.ts";
import type { Head, Norm, Operations, Value } from "./operations.ts";

/** Size of the NAS-Bench-201 network. */
export interface NetworkShape {
  /** Channels of the first stage; each further stage doubles them. 16 in the benchmark. */
  readonly channels: number;
  /** Cells in each of the three stages. 5 in the benchmark. */
  readonly cellsPerStage: number;
  /** Height and width of an image in pixels, a multiple of 4. */
  readonly imageSize: number;
  /** Channels of an image. */
  readonly imageChannels: number;
  readonly classes: number;
}

/** One named parameter of a network. */
export interface NamedParameter {
  /** For example `stage1.cell0.edge3.weights`. */
  readonly name: string;
  readonly tensor: Tensor;
}

/** A convolution and the batch normalisation behind it. */
export interface ConvolutionLayer {
  readonly weights: Tensor;
  readonly norm: Norm;
}

/** The residual block between two stages. */
export interface Reduction {
  readonly first: ConvolutionLayer;
  readonly second: ConvolutionLayer;
  readonly shortcut: Tensor;
}

/** A stage: the reduction that leads to it (none for the first) and its cells. */
export interface Stage<Cell> {
  readonly reduction: Reduction | null;
  readonly cells: readonly Cell[];
}

/** How many times the first stage's channels each stage has. */
const STAGE_WIDTHS = [1, 2, 4] as const;
const HALVE = { size: 2, stride: 2, padding: 0 } as const;

/** Makes the layers of a network, with their initial weights, and lists them in the order in which they were made. */
export class Layers {
  /** In the order in which they were made. */
  readonly parameters: NamedParameter[] = [];
  /** Running averages by the name of their layer, in the order in which they were made. */
  readonly norms = new Map<string, Norm>();
  readonly #operations: Operations;
  readonly #trialSeed: number;
  readonly #constants: Tensor[] = [];

  /** @param trialSeed where the initial weights come from */
  constructor(operations: Operations, trialSeed: number) {
    this.#operations = operations;
    this.#trialSeed = trialSeed;
  }

  /** A convolution with weights [size, size, from, to]; `isAffine` false: its normalisation has no trained scale and shift. */
  convolution(name: string, size: number, from: number, to: number, isAffine = true): ConvolutionLayer {
    const weights = this.weights(`${name}.weights`, [size, size, from, to], size * size * from);
    return { weights, norm: this.norm(name, to, isAffine) };
  }

  reduction(name: string, from: number, to: number): Reduction {
    return {
      first: this.convolution(`${name}.first`, 3, from, to),
      second: this.convolution(`${name}.second`, 3, to, to),
      shortcut: this.weights(`${name}.shortcut.weights`, [1, 1, from, to], from),
    };
  }

  /** A batch normalisation over so many channels. */
  norm(name: string, channels: number, isAffine = true): Norm {
    const ones = new Float32Array(channels).fill(1);
    const norm = {
      gamma: isAffine ? this.#add(`${name}.gamma`, ones, [channels]) : this.#constant(ones),
      beta: isAffine
        ? this.#add(`${name}.beta`, new Float32Array(channels), [channels])
        : this.#constant(new Float32Array(channels)),
      mean: new Float32Array(channels),
      variance: new Float32Array(channels).fill(1),
    };
    this.norms.set(name, norm);
    return norm;
  }

  /** Weights drawn as PyTorch draws those of a layer with so many inputs. */
  weights(name: string, shape: readonly number[], fanIn: number): Tensor {
    const count = shape.reduce((product, length) => product * length, 1);
    return this.#add(name, initialWeights(this.#trialSeed, name, count, fanIn), shape);
  }

  /** Frees all of them. */
  dispose(): void {
    for (const { tensor } of this.parameters) tensor.dispose();
    for (const tensor of this.#constants) tensor.dispose();
  }

  #constant(values: Float32Array): Tensor {
    const tensor = this.#operations.parameter(values, [values.length]);
    this.#constants.push(tensor);
    return tensor;
  }

  #add(name: string, values: Float32Array, shape: readonly number[]): Tensor {
    const tensor = this.#operations.parameter(values, shape);
    this.parameters.push({ name, tensor });
    return tensor;
  }
}

/**
 * What is around the cells of NAS-Bench-201's networks (AutoDL-Projects, `xautodl/models/cell_infers/tiny_network.py`): stem,
 * three stages with residual reductions between them, BN, ReLU, mean over pixels, linear layer.
 */
export class Skeleton<Cell> {
  readonly head: Head;
  readonly #operations: Operations;
  readonly #stem: ConvolutionLayer;
  readonly #stages: readonly Stage<Cell>[];
  readonly #lastNorm: Norm;

  /** @param makeCell makes the layers of one cell; `name` is such as `stage1.cell0` */
  constructor(
    operations: Operations,
    layers: Layers,
    shape: NetworkShape,
    makeCell: (name: string, width: number) => Cell,
  ) {
    this.#operations = operations;
    const { channels, imageChannels, classes } = shape;
    this.#stem = layers.convolution("stem", 3, imageChannels, channels);
    let width: number = channels;
    this.#stages = STAGE_WIDTHS.map((factor, stage) => {
      const before = width;
      width = channels * factor;
      return {
        reduction: stage === 0 ? null : layers.reduction(`reduction${stage}`, before, width),
        cells: Array.from({ length: shape.cellsPerStage }, (_, cell) => makeCell(`stage${stage}.cell${cell}`, width)),
      };
    });
    this.#lastNorm = layers.norm("last", width);
    this.head = {
      weights: layers.weights("head.weights", [width, classes], width),
      bias: layers.weights("head.bias", [classes], width),
    };
  }

  /** Features [N, D] of images, for the head. @param runCell a cell's output from its input */
  features(images: Tensor, runCell: (input: Value, cell: Cell) => Value): Value {
    const operations = this.#operations;
    let x = operations.stem(images, this.#stem.weights, this.#stem.norm);
    for (const { reduction, cells } of this.#stages) {
      if (reduction !== null) x = this.#reduce(x, reduction);
      for (const cell of cells) x = runCell(x, cell);
    }
    return operations.normReluMean(x, this.#lastNorm);
  }

  #reduce(x: Value, { first, second, shortcut }: Reduction): Value {
    const operations = this.#operations;
    const inner = operations.convolutionNorm(x, first.weights, first.norm, { stride: 2, relu: true });
    const outer = operations.convolutionNorm(inner, second.weights, second.norm, { stride: 1, relu: true });
    return operations.sum([operations.pointwise(operations.averagePool(x, HALVE), shortcut), outer]);
  }
}
