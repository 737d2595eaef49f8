import { classOf } from "../../space/classes.ts";
import { choicesOf, fromChoices } from "../../space/codec.ts";
import { EDGES, OPERATIONS, SKIP_CONNECT } from "../../space/operations.ts";

/** Share (0 to 1) of the edges of all these architectures that each operation has, shape [5]; at least one architecture. */
export function operationShares(architectures: readonly number[]): number[] {
  const counts = OPERATIONS.map(() => 0);
  for (const choice of architectures.flatMap(choicesOf)) (counts[choice] as number)++;
  return counts.map((count) => count / (architectures.length * EDGES.length));
}

/** Index of the cell with skip connections on all six edges. */
export const ALL_SKIP: number = fromChoices(EDGES.map(() => SKIP_CONNECT));

/** The epochs (from 1) that a table shows: the first, the last and others evenly between, ascending. */
export function shownEpochs(epochs: number, most = 8): number[] {
  if (epochs <= most) return Array.from({ length: epochs }, (_, at) => at + 1);
  return Array.from({ length: most }, (_, at) => 1 + Math.round((at * (epochs - 1)) / (most - 1)));
}

/** How far runs name the same cell. */
export interface Agreement {
  readonly runs: number;
  /** Number of different cells. */
  readonly cells: number;
  /** Number of different isomorphism classes. */
  readonly classes: number;
  /** Mean over pairs of runs of the number of edges (0 to 6) with the same operation; null of a single run. */
  readonly equalEdges: number | null;
}

/** Edges on which two uniformly random cells agree, on average. */
export const EQUAL_EDGES_BY_CHANCE: number = EDGES.length / OPERATIONS.length;

/** Compares the answers of runs. */
export function agreementOf(answers: readonly number[]): Agreement {
  const choices = answers.map(choicesOf);
  const pairs = choices.flatMap((one, at) =>
    choices.slice(at + 1).map((other) => one.filter((choice, edge) => choice === other[edge]).length),
  );
  return {
    runs: answers.length,
    cells: new Set(answers).size,
    classes: new Set(answers.map(classOf)).size,
    equalEdges: pairs.length === 0 ? null : pairs.reduce((sum, count) => sum + count, 0) / pairs.length,
  };
}
