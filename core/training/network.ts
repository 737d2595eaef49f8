import { EDGES, type Operation } from "../space/operations.ts";
import type { Tensor } from "./backend.ts";
import { type ConvolutionLayer, Layers, type NamedParameter, type NetworkShape, Skeleton } from "./layers.ts";
import type { Head, Norm, Operations, Value } from "./operations.ts";

export type { NamedParameter, NetworkShape } from "./layers.ts";

const POOL = { size: 3, stride: 1, padding: 1 } as const;
const CONVOLUTION_SIZE: Readonly<Partial<Record<Operation, number>>> = { nor_conv_1x1: 1, nor_conv_3x3: 3 };

/** A cell's six edges; null where the edge is `none` or leads nowhere. */
type CellLayers = readonly ({ readonly operation: Operation; readonly layer: ConvolutionLayer | null } | null)[];

/** The network of NAS-Bench-201 with one cell repeated. */
export class Network {
  /** In a fixed order. */
  readonly parameters: readonly NamedParameter[];
  /** Running averages by the name of their layer, in a fixed order. */
  readonly norms: ReadonlyMap<string, Norm>;
  readonly head: Head;
  readonly shape: NetworkShape;
  readonly #operations: Operations;
  readonly #layers: Layers;
  readonly #skeleton: Skeleton<CellLayers>;

  /**
   * @param edges operations on the six edges, shape [6]; null where nothing is to be computed
   * @param trialSeed where the initial weights come from
   */
  constructor(operations: Operations, shape: NetworkShape, edges: readonly (Operation | null)[], trialSeed: number) {
    this.#operations = operations;
    this.shape = shape;
    const layers = new Layers(operations, trialSeed);
    this.#layers = layers;
    this.#skeleton = new Skeleton(operations, layers, shape, (name, width) => cellLayers(layers, name, edges, width));
    this.head = this.#skeleton.head;
    this.parameters = layers.parameters;
    this.norms = layers.norms;
  }

  /** Features [N, D] of images, for the head. */
  readonly forward = (images: Tensor): Value =>
    this.#skeleton.features(images, (input, layers) => this.#cell(input, layers));

  /** Frees all parameters. */
  dispose(): void {
    this.#layers.dispose();
  }

  #cell(input: Value, layers: CellLayers): Value {
    const nodes: (Value | null)[] = [input, null, null, null];
    for (let node = 1; node <= 3; node++) {
      const parts = EDGES.flatMap(({ from, to }, edge) => {
        const entry = layers[edge];
        if (to !== node || entry == null) return [];
        const source = nodes[from] ?? null;
        if (source !== null) return [this.#edge(source, entry.operation, entry.layer)];
        // Zeros skipped or pooled stay zeros; convolved and normalised they are one value a channel.
        return entry.layer === null
          ? []
          : [this.#edge(this.#operations.zerosLike(input), entry.operation, entry.layer)];
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
}

function cellLayers(layers: Layers, name: string, edges: readonly (Operation | null)[], width: number): CellLayers {
  return edges.map((operation, edge) => {
    if (operation === null || operation === "none") return null;
    const size = CONVOLUTION_SIZE[operation];
    const layer = size === undefined ? null : layers.convolution(`${name}.edge${edge}`, size, width, width);
    return { operation, layer };
  });
}
