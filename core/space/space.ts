import type { Random } from "../random/random.ts";
import { classOf } from "./classes.ts";
import {
  type Architecture,
  choicesOf,
  formatArchitecture,
  fromChoices,
  operationsOf,
  parseArchitecture,
} from "./codec.ts";
import { mutate, mutateEdgeUniform, neighboursOf } from "./neighbours.ts";
import { flopsOf, type NetworkInput, parametersOf } from "./network-size.ts";
import { ARCHITECTURE_COUNT, EDGES, type Edge, OPERATIONS, type Operation } from "./operations.ts";
import { isReachable } from "./reachability.ts";

/**
 * The search space as an algorithm sees it. An architecture is its official index, an integer from 0 to `size` - 1.
 * Every function throws NAS_ARCHITECTURE_INDEX or NAS_ARCHITECTURE_SYNTAX on something that is none.
 */
export interface Space {
  /** Number of architectures: 15,625. */
  readonly size: number;
  /** The six edges, in the order of `choices` and `operations`. */
  readonly edges: readonly Edge[];
  /** The five operations; a choice is a position in this list. */
  readonly operations: readonly Operation[];
  /** The architecture of a string such as `|nor_conv_3x3~0|+|none~0|…|`. */
  parse(text: string): Architecture;
  /** The string of an architecture. */
  format(architecture: Architecture): string;
  /** The operation names of an architecture, shape [6]. */
  operationsOf(architecture: Architecture): Operation[];
  /** The choices of an architecture, integers from 0 to 4, shape [6]. */
  choicesOf(architecture: Architecture): number[];
  /** The architecture with these choices, shape [6]. */
  fromChoices(choices: ArrayLike<number>): Architecture;
  /** A uniformly random architecture. */
  sample(random: Random): Architecture;
  /** The authors' mutation: node, then input edge, then another operation, each uniformly. */
  mutate(architecture: Architecture, random: Random): Architecture;
  /** A uniformly random neighbour. */
  mutateEdgeUniform(architecture: Architecture, random: Random): Architecture;
  /** The 24 architectures that differ on one edge. */
  neighboursOf(architecture: Architecture): Architecture[];
  /** The lowest index of the architecture's isomorphism class. */
  classOf(architecture: Architecture): Architecture;
  /** Whether the input reaches the output. */
  isReachable(architecture: Architecture): boolean;
  /** Trainable parameters of the network. */
  parametersOf(architecture: Architecture, input: NetworkInput): number;
  /** Multiply-accumulates for one image. */
  flopsOf(architecture: Architecture, input: NetworkInput): number;
}

/** The NAS-Bench-201 space (NATS-Bench's topology space) in official coordinates. */
export const NAS_BENCH_201_SPACE: Space = Object.freeze({
  size: ARCHITECTURE_COUNT,
  edges: EDGES,
  operations: Object.freeze([...OPERATIONS]),
  parse: parseArchitecture,
  format: formatArchitecture,
  operationsOf,
  choicesOf,
  fromChoices,
  sample: (random: Random) => random.integer(ARCHITECTURE_COUNT),
  mutate,
  mutateEdgeUniform,
  neighboursOf,
  classOf,
  isReachable,
  parametersOf,
  flopsOf,
});
