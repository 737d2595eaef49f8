import { EDGES, type Operation } from "../space/operations.ts";
import type { NetworkShape } from "./network.ts";

/** Multiply-accumulates of a convolution at one image. */
const convolutionMacs = (size: number, from: number, to: number, pixels: number) => size * size * from * to * pixels;

/**
 * Multiply-accumulates of one image through the network that is executed: convolutions and the linear layer of the edges
 * that are computed, without those that lead nowhere.
 * @param edges operations on the six edges, shape [6]; null where nothing is computed
 */
export function networkMacs(shape: NetworkShape, edges: readonly (Operation | null)[]): number {
  const { channels, cellsPerStage, imageSize, imageChannels, classes } = shape;
  let pixels = imageSize * imageSize;
  let width = channels;
  let macs = convolutionMacs(3, imageChannels, channels, pixels);
  for (let stage = 0; stage < 3; stage++) {
    if (stage > 0) {
      pixels /= 4;
      macs += convolutionMacs(3, width, 2 * width, pixels) + convolutionMacs(3, 2 * width, 2 * width, pixels);
      macs += convolutionMacs(1, width, 2 * width, pixels);
      width *= 2;
    }
    for (let edge = 0; edge < EDGES.length; edge++) {
      if (edges[edge] === "nor_conv_3x3") macs += cellsPerStage * convolutionMacs(3, width, width, pixels);
      if (edges[edge] === "nor_conv_1x1") macs += cellsPerStage * convolutionMacs(1, width, width, pixels);
    }
  }
  return macs + width * classes;
}
