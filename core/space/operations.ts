/**
 * The five operations in the benchmark's own order, which fixes the enumeration of the space
 * (AutoDL-Projects, `xautodl/models/cell_operations.py`, NAS_BENCH_201).
 */
export const OPERATIONS = ["none", "skip_connect", "nor_conv_1x1", "nor_conv_3x3", "avg_pool_3x3"] as const;

/** The name of an operation. */
export type Operation = (typeof OPERATIONS)[number];

/** An edge of the cell: the operation on it is applied to node `from` and added to node `to`. Node 0 is the input. */
export interface Edge {
  readonly from: number;
  readonly to: number;
}

/** The six edges in the order in which architecture strings name them: 1<-0, 2<-0, 2<-1, 3<-0, 3<-1, 3<-2. */
export const EDGES: readonly Edge[] = Object.freeze(
  [
    { from: 0, to: 1 },
    { from: 0, to: 2 },
    { from: 1, to: 2 },
    { from: 0, to: 3 },
    { from: 1, to: 3 },
    { from: 2, to: 3 },
  ].map((edge) => Object.freeze(edge)),
);

/** Number of architectures: 5 operations on 6 edges. */
export const ARCHITECTURE_COUNT = 15_625;

/** Position of each operation in {@link OPERATIONS}. */
export const NONE = 0;
export const SKIP_CONNECT = 1;
export const CONVOLUTION_1X1 = 2;
export const CONVOLUTION_3X3 = 3;
export const AVERAGE_POOL_3X3 = 4;
