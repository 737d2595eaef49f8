import type { Random } from "../random/random.ts";
import { type Architecture, CODE_WEIGHTS, checkedIndex, digitOfCode } from "./codec.ts";
import { CODE_OF_INDEX, INDEX_OF_CODE } from "./official-order.ts";
import { EDGES, OPERATIONS } from "./operations.ts";

/** For each of the nodes 1 to 3, the positions of its incoming edges. */
const EDGES_INTO_NODE: readonly (readonly number[])[] = [[0], [1, 2], [3, 4, 5]];

function withChoice(architecture: Architecture, edge: number, choice: number): Architecture {
  const code = CODE_OF_INDEX[architecture] as number;
  const change = (choice - digitOfCode(code, edge)) * (CODE_WEIGHTS[edge] as number);
  return INDEX_OF_CODE[code + change] as number;
}

function withOtherChoice(architecture: Architecture, edge: number, random: Random): Architecture {
  const current = digitOfCode(CODE_OF_INDEX[architecture] as number, edge);
  const other = random.integer(OPERATIONS.length - 1);
  return withChoice(architecture, edge, other < current ? other : other + 1);
}

/** The 24 architectures that differ on one edge, by edge and then by operation. @throws NAS_ARCHITECTURE_INDEX */
export function neighboursOf(architecture: Architecture): Architecture[] {
  checkedIndex(architecture);
  return EDGES.flatMap((_, edge) =>
    OPERATIONS.map((_, choice) => withChoice(architecture, edge, choice)).filter((other) => other !== architecture),
  );
}

/**
 * The authors' mutation: a node uniformly, one of its input edges uniformly, another operation uniformly
 * (AutoDL-Projects, `exps/NAS-Bench-201-algos/R_EA.py`). So edge 1<-0 changes with probability 1/3, the two into node 2
 * with 1/6 each, the three into node 3 with 1/9 each; the child always differs.
 * @throws NAS_ARCHITECTURE_INDEX
 */
export function mutate(architecture: Architecture, random: Random): Architecture {
  checkedIndex(architecture);
  return withOtherChoice(architecture, random.choice(random.choice(EDGES_INTO_NODE)), random);
}

/** A uniformly chosen neighbour: every edge changes with probability 1/6. @throws NAS_ARCHITECTURE_INDEX */
export function mutateEdgeUniform(architecture: Architecture, random: Random): Architecture {
  checkedIndex(architecture);
  return withOtherChoice(architecture, random.integer(EDGES.length), random);
}
