import { EDGES, OPERATIONS, type Operation } from "../space/operations.ts";
import type { Tensor } from "./backend.ts";
import { type ConvolutionLayer, Layers, type NamedParameter, type NetworkShape, Skeleton } from "./layers.ts";
import type { Head, Norm, Operations, Value } from "./operations.ts";

const POOL = { size: 3, stride: 1, padding: 1 } as const;

/** Values of {@link Supernet.weights}: one for each edge and operation, filled up to a multiple of four. */
export const EDGE_WEIGHTS = 32;

/** Where the weight of an edge's first operation stands. */
const offsetOf = (edge: number) => edge * OPERATIONS.length;

/**
 * How a supernet computes its cells, all alike. path: one operation an edge (six positions in OPERATIONS); only what reaches the
 * output is computed. gate: the same values, through which the weights of all operations have a gradient: a hard Gumbel
 * sample. mixture: on each edge all operations, weighted.
 */
export type CellMode =
  | { readonly kind: "path"; readonly choices: readonly number[] }
  | { readonly kind: "gate"; readonly choices: readonly number[] }
  | { readonly kind: "mixture" };

/** The layers of one edge in one cell. */
interface EdgeLayers {
  readonly nor_conv_1x1: ConvolutionLayer;
  readonly nor_conv_3x3: ConvolutionLayer;
}

/**
 * A network whose cells have all five operations on all six edges (AutoDL-Projects, `xautodl/models/cell_searchs/`). Cells have
 * weights of their own and share one architecture. The authors' convolutions have a bias where normalisation has no shift;
 * the normalisation behind it takes it out again, so there is none here.
 */
export class Supernet {
  /** In a fixed order; without {@link weights}. */
  readonly parameters: readonly NamedParameter[];
  /** Running averages by the name of their layer, in a fixed order. */
  readonly norms: ReadonlyMap<string, Norm>;
  readonly head: Head;
  readonly shape: NetworkShape;
  /** Weights of operations in gates and mixtures, shape [EDGE_WEIGHTS]: operation o on edge e stands at 5 e + o. */
  readonly weights: Tensor;
  readonly #operations: Operations;
  readonly #layers: Layers;
  readonly #skeleton: Skeleton<readonly EdgeLayers[]>;

  /**
   * @param seed where the initial weights come from
   * @param isAffine whether normalisation inside the cells has a trained scale and shift
   */
  constructor(operations: Operations, shape: NetworkShape, seed: number, isAffine = false) {
    this.#operations = operations;
    this.shape = shape;
    const layers = new Layers(operations, seed);
    this.#layers = layers;
    this.weights = operations.parameter(new Float32Array(EDGE_WEIGHTS), [EDGE_WEIGHTS]);
    this.#skeleton = new Skeleton(operations, layers, shape, (name, width) =>
      EDGES.map((_, edge) => ({
        nor_conv_1x1: layers.convolution(`${name}.edge${edge}.1x1`, 1, width, width, isAffine),
        nor_conv_3x3: layers.convolution(`${name}.edge${edge}.3x3`, 3, width, width, isAffine),
      })),
    );
    this.head = this.#skeleton.head;
    this.parameters = layers.parameters;
    this.norms = layers.norms;
  }

  /** The network in one of its modes: features [N, D] of images, for the head. */
  forward(mode: CellMode): (images: Tensor) => Value {
    return (images) => this.#skeleton.features(images, (input, edges) => this.#cell(input, edges, mode));
  }

  /** Frees all parameters. */
  dispose(): void {
    this.#layers.dispose();
    this.weights.dispose();
  }

  #cell(input: Value, edges: readonly EdgeLayers[], mode: CellMode): Value {
    const needed = mode.kind === "path" ? neededEdges(mode.choices) : null;
    const nodes: (Value | null)[] = [input, null, null, null];
    for (let node = 1; node <= 3; node++) {
      const parts = EDGES.flatMap(({ from, to }, edge) => {
        const source = nodes[from];
        if (to !== node || source == null || needed?.[edge] === false) return [];
        const value = this.#edge(source, edges[edge] as EdgeLayers, edge, mode);
        return value === null ? [] : [value];
      });
      nodes[node] = parts.length === 0 ? null : this.#operations.sum(parts);
    }
    return nodes[3] ?? this.#operations.zerosLike(input);
  }

  #edge(x: Value, layers: EdgeLayers, edge: number, mode: CellMode): Value | null {
    if (mode.kind === "mixture") {
      const parts = OPERATIONS.map((operation) => this.#operation(x, layers, operation));
      return this.#operations.mix(parts, this.weights, offsetOf(edge));
    }
    const choice = mode.choices[edge] as number;
    const value = this.#operation(x, layers, OPERATIONS[choice] as Operation);
    if (mode.kind === "path") return value;
    const zeros = () => this.#operations.zerosLike(x);
    return this.#operations.gate(value ?? zeros(), this.weights, offsetOf(edge), choice, OPERATIONS.length);
  }

  /** An operation's output; null for `none`. */
  #operation(x: Value, layers: EdgeLayers, operation: Operation): Value | null {
    if (operation === "none") return null;
    if (operation === "skip_connect") return x;
    if (operation === "avg_pool_3x3") return this.#operations.averagePool(x, POOL);
    const { weights, norm } = layers[operation];
    return this.#operations.convolutionNorm(x, weights, norm, { stride: 1, relu: true });
  }
}

/** Whether each edge's value reaches the output. */
function neededEdges(choices: readonly number[]): boolean[] {
  const needed = [false, false, false, true];
  const edges = EDGES.map(() => false);
  for (let node = 3; node >= 1; node--) {
    EDGES.forEach(({ from, to }, edge) => {
      if (to !== node || needed[node] !== true || OPERATIONS[choices[edge] as number] === "none") return;
      edges[edge] = true;
      needed[from] = true;
    });
  }
  return edges;
}
