import type { Random } from "../random/random.ts";
import { type Architecture, choicesOf, fromChoices } from "./codec.ts";
import { EDGES, OPERATIONS } from "./operations.ts";

/**
 * Other names for the edges and operations of the space: a bijection of the architectures. What only looks at indices,
 * choices and neighbours can't tell; what knows that an operation or an edge means something is misled.
 */
export interface Relabelling {
  /** The architecture that a relabelled one stands for. @throws NAS_ARCHITECTURE_INDEX */
  toTrue(relabelled: Architecture): Architecture;
  /** The inverse of {@link toTrue}. @throws NAS_ARCHITECTURE_INDEX */
  toRelabelled(architecture: Architecture): Architecture;
}

function inverseOf(permutation: readonly number[]): number[] {
  const inverse: number[] = [];
  permutation.forEach((to, from) => {
    inverse[to] = from;
  });
  return inverse;
}

function mapped(architecture: Architecture, edges: readonly number[], operations: readonly number[]): Architecture {
  const choices: number[] = [];
  choicesOf(architecture).forEach((choice, edge) => {
    choices[edges[edge] as number] = operations[choice] as number;
  });
  return fromChoices(choices);
}

/** A uniformly random permutation of the six edge positions and one of the five operations. */
export function randomRelabelling(random: Random): Relabelling {
  const edges = random.shuffle(EDGES.map((_, edge) => edge));
  const operations = random.shuffle(OPERATIONS.map((_, choice) => choice));
  const [edgesBack, operationsBack] = [inverseOf(edges), inverseOf(operations)];
  return {
    toTrue: (relabelled) => mapped(relabelled, edges, operations),
    toRelabelled: (architecture) => mapped(architecture, edgesBack, operationsBack),
  };
}
