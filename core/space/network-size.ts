import { type Architecture, checkedIndex, digitOfCode } from "./codec.ts";
import { CODE_OF_INDEX } from "./official-order.ts";
import { CONVOLUTION_1X1, CONVOLUTION_3X3, EDGES } from "./operations.ts";

/** The images that the macro network is built for. */
export interface NetworkInput {
  /** Number of classes. */
  readonly classes: number;
  /** Height and width of an image in pixels: 32 for CIFAR, 16 for ImageNet16-120. */
  readonly imageSize: number;
}

/** Channels of the three stages, and by how much each stage has shrunk the image. */
const STAGES = [
  { channels: 16, shrink: 1 },
  { channels: 32, shrink: 2 },
  { channels: 64, shrink: 4 },
] as const;
const CELLS_PER_STAGE = 5;

function convolutions(architecture: Architecture): { n1: number; n3: number } {
  const code = CODE_OF_INDEX[checkedIndex(architecture)] as number;
  let n1 = 0;
  let n3 = 0;
  for (let edge = 0; edge < EDGES.length; edge++) {
    const choice = digitOfCode(code, edge);
    if (choice === CONVOLUTION_1X1) n1++;
    if (choice === CONVOLUTION_3X3) n3++;
  }
  return { n1, n3 };
}

function sum(parts: readonly number[]): number {
  return parts.reduce((total, part) => total + part, 0);
}

/**
 * Trainable parameters of the benchmark's network (C=16, N=5) with this cell. As in the official files all six edges
 * count, used or not (AutoDL-Projects, `xautodl/models/cell_infers/tiny_network.py`).
 * @throws NAS_ARCHITECTURE_INDEX
 */
export function parametersOf(architecture: Architecture, input: NetworkInput): number {
  const { n1, n3 } = convolutions(architecture);
  const stem = 3 * 16 * 9 + 2 * 16;
  const cells = STAGES.map(({ channels: c }) => CELLS_PER_STAGE * (n3 * (9 * c * c + 2 * c) + n1 * (c * c + 2 * c)));
  const reductions = STAGES.slice(1).map(
    ({ channels: c }) => (c / 2) * c * 9 + 2 * c + 9 * c * c + 2 * c + (c / 2) * c,
  );
  const head = 2 * 64 + 64 * input.classes + input.classes;
  return stem + sum(cells) + sum(reductions) + head;
}

/**
 * FLOPs as the benchmark counts them: multiply-accumulates of convolutions and of the linear layer for one image, all
 * six edges included.
 * @throws NAS_ARCHITECTURE_INDEX
 */
export function flopsOf(architecture: Architecture, input: NetworkInput): number {
  const { n1, n3 } = convolutions(architecture);
  const pixels = (shrink: number) => (input.imageSize / shrink) * (input.imageSize / shrink);
  const stem = 3 * 16 * 9 * pixels(1);
  const cells = STAGES.map(
    ({ channels: c, shrink }) => CELLS_PER_STAGE * (9 * c * c * n3 + c * c * n1) * pixels(shrink),
  );
  const reductions = STAGES.slice(1).map(
    ({ channels: c, shrink }) => (4.5 * c * c + 9 * c * c + (c * c) / 2) * pixels(shrink),
  );
  const head = 64 * input.classes + input.classes;
  return stem + sum(cells) + sum(reductions) + head;
}
