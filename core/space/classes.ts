import { type Architecture, CODE_WEIGHTS, checkedIndex, digitOfCode } from "./codec.ts";
import { CODE_OF_INDEX } from "./official-order.ts";
import { ARCHITECTURE_COUNT, EDGES, type Edge, NONE, OPERATIONS, SKIP_CONNECT } from "./operations.ts";

/** Number of isomorphism classes: asserted by the authors in NATS-Bench, `tests/api_test.py`. */
export const CLASS_COUNT = 6466;

/** By node, what a code is divided by to leave the choices on the edges up to it, which decide its text. */
const AFTER_NODE = [0, 1, 2, 3].map((node) => CODE_WEIGHTS[EDGES.findLastIndex(({ to }) => to === node)]);

/** Texts of the nodes between by choices up to them: they are few, and in thousands of architectures. */
const innerTexts: readonly string[][] = AFTER_NODE.map(() => []);

function termOf(input: string, choice: number): string {
  if (choice === NONE || input === "#") return "#";
  return choice === SKIP_CONNECT ? input : `(${input})@${OPERATIONS[choice]}`;
}

function sumOf(node: number, code: number): string {
  const terms: string[] = [];
  for (let at = 0; at < EDGES.length; at++) {
    const { from, to } = EDGES[at] as Edge;
    if (to === node) terms.push(termOf(from === 0 ? "0" : innerText(from, code), digitOfCode(code, at)));
  }
  return terms.sort().join("+");
}

function innerText(node: number, code: number): string {
  const known = innerTexts[node] as string[];
  const choices = Math.trunc(code / (AFTER_NODE[node] as number));
  known[choices] ??= sumOf(node, code);
  return known[choices];
}

/**
 * The canonical text that isomorphic architectures share: NATS-Bench's `to_unique_str(consider_zero=True)`
 * (`nats_bench/genotype_utils.py`). An edge with `none` or a zero input is `#`, a skip passes its input through, any
 * other operation wraps it; a node is the sorted sum of its edges. Zero terms stay in the sum, so this is the authors'
 * notion of equality with its 6,466 classes, not the coarsest one.
 */
export function canonicalText(architecture: Architecture): string {
  return sumOf(3, CODE_OF_INDEX[checkedIndex(architecture)] as number);
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
