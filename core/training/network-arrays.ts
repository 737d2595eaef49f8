import { EDGES, type Operation } from "../space/operations.ts";
import type { NetworkShape } from "./layers.ts";

/** Shapes by name, in the order in which they were named. */
class ShapeList {
  readonly shapes = new Map<string, readonly number[]>();

  norm(name: string, channels: number): void {
    for (const part of ["gamma", "beta", "mean", "variance"]) this.shapes.set(`${name}.${part}`, [channels]);
  }

  convolution(name: string, size: number, from: number, to: number): void {
    this.shapes.set(`${name}.weights`, [to, from, size, size]);
    this.norm(name, to);
  }
}

/**
 * The arrays that make up a network, by name, with their shapes in a file of weights (docs/training.md): computed without the
 * network, which a wrong file could make of any size.
 * @param edges operations on the six edges, shape [6]; null where nothing is computed
 */
export function networkArrayShapes(
  shape: NetworkShape,
  edges: readonly (Operation | null)[],
): ReadonlyMap<string, readonly number[]> {
  const list = new ShapeList();
  list.convolution("stem", 3, shape.imageChannels, shape.channels);
  let width = shape.channels;
  for (let stage = 0; stage < 3; stage++) {
    if (stage > 0) {
      list.convolution(`reduction${stage}.first`, 3, width, 2 * width);
      list.convolution(`reduction${stage}.second`, 3, 2 * width, 2 * width);
      list.shapes.set(`reduction${stage}.shortcut.weights`, [2 * width, width, 1, 1]);
      width *= 2;
    }
    for (let cell = 0; cell < shape.cellsPerStage; cell++) {
      for (let edge = 0; edge < EDGES.length; edge++) {
        const name = `stage${stage}.cell${cell}.edge${edge}`;
        if (edges[edge] === "nor_conv_3x3") list.convolution(name, 3, width, width);
        if (edges[edge] === "nor_conv_1x1") list.convolution(name, 1, width, width);
      }
    }
  }
  list.norm("last", width);
  list.shapes.set("head.weights", [shape.classes, width]);
  list.shapes.set("head.bias", [shape.classes]);
  return list.shapes;
}
