import { type Architecture, checkedIndex, digitOfCode } from "./codec.ts";
import { CODE_OF_INDEX } from "./official-order.ts";
import { ARCHITECTURE_COUNT, EDGES, NONE, OPERATIONS, SKIP_CONNECT } from "./operations.ts";

/** Number of isomorphism classes: asserted by the authors in NATS-Bench, `tests/api_test.py`. */
export const CLASS_COUNT = 6466;

/**
 * The canonical text that isomorphic architectures share: NATS-Bench's `to_unique_str(consider_zero=True)`
 * (`nats_bench/genotype_utils.py`). An edge with `none` or a zero input is `#`, a skip passes its input through, any
 * other operation wraps it; a node is the sorted sum of its edges. Zero terms stay in the sum, so this is the authors'
 * notion of equality with its 6,466 classes, not the coarsest one.
 */
export function canonicalText(architecture: Architecture): string {
  const code = CODE_OF_INDEX[checkedIndex(architecture)] as number;
  const nodes = ["0"];
  for (let node = 1; node <= 3; node++) {
    const terms = EDGES.flatMap((edge, at) => {
      if (edge.to !== node) return [];
      const choice = digitOfCode(code, at);
      const input = nodes[edge.from] as string;
      if (choice === NONE || input === "#") return ["#"];
      return [choice === SKIP_CONNECT ? input : `(${input})@${OPERATIONS[choice]}`];
    });
    nodes.push(terms.sort().join("+"));
  }
  return nodes[3] as string;
}

let representatives: Uint16Array | null = null;

function allRepresentatives(): Uint16Array {
  if (representatives !== null) return representatives;
  const lowest = new Map<string, number>();
  representatives = Uint16Array.from({ length: ARCHITECTURE_COUNT }, (_, index) => {
    const text = canonicalText(index);
    const first = lowest.get(text) ?? index;
    lowest.set(text, first);
    return first;
  });
  return representatives;
}

/** The representative of an architecture's isomorphism class: its lowest official index. @throws NAS_ARCHITECTURE_INDEX */
export function classOf(architecture: Architecture): Architecture {
  return allRepresentatives()[checkedIndex(architecture)] as number;
}

/** The members of an architecture's class in ascending order, itself included. @throws NAS_ARCHITECTURE_INDEX */
export function classMembers(architecture: Architecture): Architecture[] {
  const all = allRepresentatives();
  const representative = classOf(architecture);
  const members: Architecture[] = [];
  for (let index = 0; index < ARCHITECTURE_COUNT; index++) if (all[index] === representative) members.push(index);
  return members;
}

/** The representatives of the 6,466 classes in ascending order. */
export function classRepresentatives(): Architecture[] {
  return Array.from(allRepresentatives()).filter((representative, index) => representative === index);
}
