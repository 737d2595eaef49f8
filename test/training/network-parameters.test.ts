import { describe, expect, test } from "vitest";
import { parametersOf } from "../../core/space/network-size.ts";
import { usedEdges } from "../../core/space/reachability.ts";
import { openBackend } from "../../core/training/backend.ts";
import { Network } from "../../core/training/network.ts";
import { networkParameters } from "../../core/training/network-parameters.ts";
import { trainedEdges } from "../../core/training/trial.ts";
import { WasmOperations } from "../../core/training/wasm-operations.ts";

const operations = new WasmOperations(await openBackend("wasm"));
const SMALL = { channels: 8, cellsPerStage: 1, imageSize: 8, imageChannels: 1, classes: 10 };
const COLOUR = { channels: 16, cellsPerStage: 2, imageSize: 8, imageChannels: 3, classes: 7 };

describe.each([
  ["a grey one", SMALL],
  ["a coloured one with two cells a stage", COLOUR],
])("equals the tensors of the network that is trained: %s", (_, shape) => {
  // Ordinary cells, one with dead edges (19), one of zeros (12), all 3x3 (1462).
  test.each([0, 12, 19, 1462, 4003])("architecture %d", (architecture) => {
    const edges = trainedEdges(architecture);
    const network = new Network(operations, shape, edges, 1);
    const held = network.parameters.reduce((sum, { tensor }) => sum + tensor.size, 0);
    network.dispose();
    expect(networkParameters(shape, edges)).toBe(held);
  });
});

test("equals the benchmark's number wherever every edge is used", () => {
  const shape = { channels: 16, cellsPerStage: 5, imageSize: 32, imageChannels: 3, classes: 10 };
  let compared = 0;
  for (let architecture = 0; architecture < 15_625; architecture++) {
    if (!usedEdges(architecture).every(Boolean)) continue;
    const expected = parametersOf(architecture, { classes: 10, imageSize: 32 });
    expect(networkParameters(shape, trainedEdges(architecture))).toBe(expected);
    compared++;
  }
  expect(compared).toBe(4096);
});
