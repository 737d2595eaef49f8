import type { Operation } from "../space/operations.ts";
import type { NetworkShape } from "./network.ts";

/** Multiply-accumulates of a convolution at one image. */
const convolutionMacs = (size: number, from: number, to: number, pixels: number) => size * size * from * to * pixels;

/**
 * Multiply-accumulates of one image through a network whose cells have so many convolutions of each size.
 * @param convolutions of a cell: numbers of 1x1 and 3x3
 */
export function macsOf(
  shape: NetworkShape,
  convolutions: { readonly ofSize1: number; readonly ofSize3: number },
): number {
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
    macs += convolutions.ofSize3 * cellsPerStage * convolutionMacs(3, width, width, pixels);
    macs += convolutions.ofSize1 * cellsPerStage * convolutionMacs(1, width, width, pixels);
  }
  return macs + width * classes;
}

/**
 * Multiply-accumulates of one image through the network that is executed: convolutions and the linear layer of the edges
 * that are computed, without those that lead nowhere.
 * @param edges operations on the six edges, shape [6]; null where nothing is computed
 */
export function networkMacs(shape: NetworkShape, edges: readonly (Operation | null)[]): number {
  const count = (operation: Operation) => edges.filter((own) => own === operation).length;
  return macsOf(shape, { ofSize1: count("nor_conv_1x1"), ofSize3: count("nor_conv_3x3") });
}
