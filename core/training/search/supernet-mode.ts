import type { Architecture } from "../../space/codec.ts";
import { EDGES, OPERATIONS } from "../../space/operations.ts";

/** Number of values that weigh operations: five on each of six edges; operation o of edge e stands at 5 e + o. */
export const EDGE_WEIGHT_COUNT: number = EDGES.length * OPERATIONS.length;

/**
 * How a supernet's cells are computed, all alike.
 *
 * - path: the operations of one architecture; what does not reach the output is not computed.
 * - gate: the values of a path, through which all 30 edge weights have a gradient, as those of a hard Gumbel sample have
 *   (GDAS). Every edge is computed.
 * - mixture: on each edge all five operations, weighted (DARTS). Every edge is computed.
 */
export type SupernetMode =
  | { readonly kind: "path"; readonly architecture: Architecture }
  | { readonly kind: "gate"; readonly architecture: Architecture }
  | {
      readonly kind: "mixture";
      /** Shape [30]: operation o of edge e stands at 5 e + o. */
      readonly weights: ArrayLike<number>;
    };
