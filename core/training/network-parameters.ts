import { EDGES, type Operation } from "../space/operations.ts";
import type { NetworkShape } from "./network.ts";

/** Weights of a convolution and the scale and shift of the normalisation behind it. */
const layerParameters = (size: number, from: number, to: number) => size * size * from * to + 2 * to;

/**
 * Trainable parameters of the network that is executed: without those of edges that lead nowhere.
 * @param edges operations on the six edges, shape [6]; null where nothing is computed
 */
export function networkParameters(shape: NetworkShape, edges: readonly (Operation | null)[]): number {
  const { channels, cellsPerStage, imageChannels, classes } = shape;
  let width = channels;
  let parameters = layerParameters(3, imageChannels, channels);
  for (let stage = 0; stage < 3; stage++) {
    if (stage > 0) {
      parameters += layerParameters(3, width, 2 * width) + layerParameters(3, 2 * width, 2 * width);
      parameters += width * 2 * width;
      width *= 2;
    }
    for (let edge = 0; edge < EDGES.length; edge++) {
      if (edges[edge] === "nor_conv_3x3") parameters += cellsPerStage * layerParameters(3, width, width);
      if (edges[edge] === "nor_conv_1x1") parameters += cellsPerStage * layerParameters(1, width, width);
    }
  }
  return parameters + 2 * width + width * classes + classes;
}
