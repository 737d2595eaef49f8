import { EDGES, type Operation } from "../space/operations.ts";
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

/** How many times the first stage's channels each stage has. */
const STAGE_WIDTHS = [1, 2, 4] as const;
const POOL = { size: 3, stride: 1, padding: 1 } as const;
const HALVE = { size: 2, stride: 2, padding: 0 } as const;
const CONVOLUTION_SIZE: Readonly<Partial<Record<Operation, number>>> = { nor_conv_1x1: 1, nor_conv_3x3: 3 };

interface ConvolutionLayer {
  readonly weights: Tensor;
  readonly norm: Norm;
}

interface Reduction {
  readonly first: ConvolutionLayer;
  readonly second: ConvolutionLayer;
  readonly shortcut: Tensor;
}

/** A stage: the reduction that leads to it (none for the first) and its cells. */
interface Stage {
  readonly reduction: Reduction | null;
  readonly cells: readonly CellLayers[];
}

/** A cell's six edges; null where the edge is `none` or leads nowhere. */
type CellLayers = readonly ({ readonly operation: Operation; readonly layer: ConvolutionLayer | null } | null)[];

/**
 * The network of NAS-Bench-201 with one cell repeated (AutoDL-Projects, `xautodl/models/cell_infers/tiny_network.py`): stem,
 * three stages of cells with residual reductions between them, BN, ReLU, mean over pixels, linear layer.
 */
export class Network {
  /** In a fixed order. */
  readonly parameters: readonly NamedParameter[];
  /** Running averages by the name of their layer, in a fixed order. */
  readonly norms: ReadonlyMap<string, Norm>;
  readonly head: Head;
  readonly shape: NetworkShape;
  readonly #operations: Operations;
  readonly #trialSeed: number;
  readonly #stem: ConvolutionLayer;
  readonly #stages: readonly Stage[];
  readonly #lastNorm: Norm;
  readonly #named: NamedParameter[] = [];
  readonly #normsByName = new Map<string, Norm>();

  /**
   * @param edges operations on the six edges, shape [6]; null where nothing is to be computed
   * @param trialSeed where the initial weights come from
   */
  constructor(operations: Operations, shape: NetworkShape, edges: readonly (Operation | null)[], trialSeed: number) {
    this.#operations = operations;
    this.shape = shape;
    this.#trialSeed = trialSeed;
    const { channels, imageChannels, classes } = shape;
    this.#stem = this.#convolution("stem", 3, imageChannels, channels);
    let width = channels;
    this.#stages = STAGE_WIDTHS.map((factor, stage) => {
      const before = width;
      width = channels * factor;
      return {
        reduction: stage === 0 ? null : this.#reduction(`reduction${stage}`, before, width),
        cells: Array.from({ length: shape.cellsPerStage }, (_, cell) =>
          this.#cellLayers(`stage${stage}.cell${cell}`, edges, width),
        ),
      };
    });
    this.#lastNorm = this.#norm("last", width);
    this.head = {
      weights: this.#weights("head.weights", [width, classes], width),
      bias: this.#weights("head.bias", [classes], width),
    };
    this.parameters = this.#named;
    this.norms = this.#normsByName;
  }

  /** Features [N, D] of images, for the head. */
  readonly forward = (images: Tensor): Value => {
    const operations = this.#operations;
    let x = operations.stem(images, this.#stem.weights, this.#stem.norm);
    for (const { reduction, cells } of this.#stages) {
      if (reduction !== null) x = this.#reduce(x, reduction);
      for (const cell of cells) x = this.#cell(x, cell);
    }
    return operations.normReluMean(x, this.#lastNorm);
  };

  /** Frees all parameters. */
  dispose(): void {
    for (const { tensor } of this.#named) tensor.dispose();
  }

  #cell(input: Value, layers: CellLayers): Value {
    const nodes: (Value | null)[] = [input, null, null, null];
    for (let node = 1; node <= 3; node++) {
      const parts = EDGES.flatMap(({ from, to }, edge) => {
        const entry = layers[edge];
        const source = nodes[from];
        if (to !== node || entry == null || source == null) return [];
        return [this.#edge(source, entry.operation, entry.layer)];
      });
      nodes[node] = parts.length === 0 ? null : this.#operations.sum(parts);
    }
    // A cell whose output nothing reaches passes zeros on.
    return nodes[3] ?? this.#operations.zerosLike(input);
  }

  #edge(x: Value, operation: Operation, layer: ConvolutionLayer | null): Value {
    if (operation === "skip_connect") return x;
    if (operation === "avg_pool_3x3") return this.#operations.averagePool(x, POOL);
    const { weights, norm } = layer as ConvolutionLayer;
    return this.#operations.convolutionNorm(x, weights, norm, { stride: 1, relu: true });
  }

  #reduce(x: Value, { first, second, shortcut }: Reduction): Value {
    const operations = this.#operations;
    const inner = operations.convolutionNorm(x, first.weights, first.norm, { stride: 2, relu: true });
    const outer = operations.convolutionNorm(inner, second.weights, second.norm, { stride: 1, relu: true });
    return operations.sum([operations.pointwise(operations.averagePool(x, HALVE), shortcut), outer]);
  }

  #cellLayers(name: string, edges: readonly (Operation | null)[], width: number): CellLayers {
    return edges.map((operation, edge) => {
      if (operation === null || operation === "none") return null;
      const size = CONVOLUTION_SIZE[operation];
      return {
        operation,
        layer: size === undefined ? null : this.#convolution(`${name}.edge${edge}`, size, width, width),
      };
    });
  }

  #reduction(name: string, from: number, to: number): Reduction {
    return {
      first: this.#convolution(`${name}.first`, 3, from, to),
      second: this.#convolution(`${name}.second`, 3, to, to),
      shortcut: this.#weights(`${name}.shortcut.weights`, [1, 1, from, to], from),
    };
  }

  #convolution(name: string, size: number, from: number, to: number): ConvolutionLayer {
    const weights = this.#weights(`${name}.weights`, [size, size, from, to], size * size * from);
    return { weights, norm: this.#norm(name, to) };
  }

  #norm(name: string, channels: number): Norm {
    const norm = {
      gamma: this.#add(`${name}.gamma`, new Float32Array(channels).fill(1), [channels]),
      beta: this.#add(`${name}.beta`, new Float32Array(channels), [channels]),
      mean: new Float32Array(channels),
      variance: new Float32Array(channels).fill(1),
    };
    this.#normsByName.set(name, norm);
    return norm;
  }

  #weights(name: string, shape: readonly number[], fanIn: number): Tensor {
    const count = shape.reduce((product, length) => product * length, 1);
    return this.#add(name, initialWeights(this.#trialSeed, name, count, fanIn), shape);
  }

  #add(name: string, values: Float32Array, shape: readonly number[]): Tensor {
    const tensor = this.#operations.parameter(values, shape);
    this.#named.push({ name, tensor });
    return tensor;
  }
}
