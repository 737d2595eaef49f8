import type { NpyArray } from "../files/npy-file.ts";
import { type Architecture, formatArchitecture } from "../space/codec.ts";
import { Network, type NetworkShape } from "./network.ts";
import { networkArrayShapes } from "./network-arrays.ts";
import type { Operations } from "./operations.ts";
import { isBatchCounter } from "./state-dict-names.ts";
import { inputFirst, reversedAxes } from "./weights-layout.ts";
import { listed, namingOf, type WeightsFile, weightsFault } from "./weights-naming.ts";

/** Length of an axis of an array, or of none 0. */
const lengthOf = (weights: WeightsFile, name: string, axis: number) => weights.arrays.get(name)?.shape[axis] ?? 0;

/** Demands that the file has the network's arrays in their shapes, and no others. */
function requireArrays(
  weights: WeightsFile,
  expected: ReadonlyMap<string, readonly number[]>,
  architecture: Architecture,
): void {
  const cell = `architecture ${architecture} (${formatArchitecture(architecture)})`;
  const missing = [...expected.keys()].filter((name) => !weights.arrays.has(name));
  if (missing.length > 0) throw weightsFault(weights, `arrays of ${cell} are missing: ${listed(missing)}`);
  const other = [...weights.arrays.keys()].filter((name) => !expected.has(name) && !isBatchCounter(name));
  if (other.length > 0) throw weightsFault(weights, `there are arrays that ${cell} does not have: ${listed(other)}`);
  for (const [name, shape] of expected) {
    const array = weights.arrays.get(name) as NpyArray;
    if (array.shape.join() !== shape.join())
      throw weightsFault(weights, `${name} has the shape [${array.shape}]; the network needs [${shape}]`);
  }
}

/** An array's values as the network takes them. */
function valuesOf(weights: WeightsFile, name: string): Float32Array {
  const { values, shape } = weights.arrays.get(name) as NpyArray;
  if (values instanceof BigInt64Array) throw weightsFault(weights, `${name} holds integers`, "write it as float32");
  const floats = values instanceof Float32Array ? values : Float32Array.from(values);
  const at = floats.findIndex((value) => !Number.isFinite(value));
  if (at >= 0) {
    throw weightsFault(
      weights,
      `${name} holds ${floats[at]}, so every answer of the network would be no number`,
      "take weights of a training that did not diverge",
    );
  }
  if (/(\.variance|\.running_var)$/.test(name) && floats.some((value) => value < 0))
    throw weightsFault(weights, `${name} holds a negative variance`, "get the file from its source again");
  if (shape.length === 4) return inputFirst(floats, shape as [number, number, number, number]);
  return shape.length === 2 ? reversedAxes(floats, shape as [number, number]) : floats;
}

/** What is known of a network besides its weights. */
export interface KnownNetwork {
  readonly architecture: Architecture;
  /** Height and width of the images. */
  readonly imageSize: number;
  /** Cells in a stage; null if the file has to tell. */
  readonly cells: number | null;
}

/**
 * The network that has these weights: of a PyTorch state dict with the authors' names (all edges are computed, also those that
 * only pass a constant on), or of `train --save`. The caller disposes it.
 * @throws NAS_WEIGHTS if arrays are missing, of other shapes, no numbers, or those of another architecture
 */
export function loadNetwork(operations: Operations, weights: WeightsFile, known: KnownNetwork): Network {
  const { edges, cellsPerStage, nameOf } = namingOf(weights, known.architecture, known.cells);
  const shape: NetworkShape = {
    channels: lengthOf(weights, nameOf("stem.weights"), 0),
    cellsPerStage,
    imageSize: known.imageSize,
    imageChannels: lengthOf(weights, nameOf("stem.weights"), 1),
    classes: lengthOf(weights, nameOf("head.bias"), 0),
  };
  const own = networkArrayShapes(shape, edges);
  const expected = new Map([...own].map(([name, lengths]) => [nameOf(name), lengths] as const));
  requireArrays(weights, expected, known.architecture);
  const values = new Map([...own.keys()].map((name) => [name, valuesOf(weights, nameOf(name))] as const));
  const network = new Network(operations, shape, edges, 0);
  const floatsOf = (name: string) => values.get(name) as Float32Array;
  for (const { name, tensor } of network.parameters) operations.setParameter(tensor, floatsOf(name));
  for (const [name, norm] of network.norms) {
    norm.mean.set(floatsOf(`${name}.mean`));
    norm.variance.set(floatsOf(`${name}.variance`));
  }
  return network;
}
