import { beforeEach, describe, expect, test } from "vitest";
import { OPERATIONS } from "../../core/space/operations.ts";
import { type BackendName, openBackend, type Tensor } from "../../core/training/backend.ts";
import { Network, type NetworkShape } from "../../core/training/network.ts";
import type { Operations } from "../../core/training/operations.ts";
import { randomImages } from "../../core/training/self-check/trained-network.ts";
import { StockOperations } from "../../core/training/stock-operations.ts";
import { type CellMode, EDGE_WEIGHTS, Supernet } from "../../core/training/supernet.ts";
import { WasmOperations } from "../../core/training/wasm-operations.ts";

const open = await openBackend("wasm");
const { tf } = open;
const implementations: Readonly<Record<"wasm" | "cpu", Operations>> = {
  wasm: new WasmOperations(open),
  cpu: new StockOperations(open),
};
const SHAPE: NetworkShape = { channels: 8, cellsPerStage: 1, imageSize: 8, imageChannels: 1, classes: 4 };
const CHOICES = [3, 4, 2, 0, 3, 1];
/** Weights of a mixture: positive, and of each edge different ones. */
const MIXTURE = Float32Array.from({ length: EDGE_WEIGHTS }, (_, at) => (at < 30 ? 0.05 + (at % 7) / 20 : 0));
/** A hard sample's: 1 for the choice. */
const GATES = Float32Array.from({ length: EDGE_WEIGHTS }, (_, at) => Number(CHOICES[Math.floor(at / 5)] === at % 5));

beforeEach(() => {
  for (const operations of Object.values(implementations)) operations.phase = "batch";
});

/** A supernet with a batch on a backend; its weights are set. */
async function onBackend<T>(
  name: "wasm" | "cpu",
  weights: Float32Array,
  body: (net: Supernet, operations: Operations) => T,
) {
  await tf.setBackend(name as BackendName);
  const operations = implementations[name];
  const net = new Supernet(operations, SHAPE, 5);
  operations.setParameter(net.weights, weights);
  const result = body(net, operations);
  net.dispose();
  return result;
}

/** Loss and gradients of all parameters and of the weights. */
function gradientsOf(mode: CellMode) {
  return (net: Supernet, operations: Operations) => {
    const images = randomImages(SHAPE, 8);
    const batch = operations.batch(images.pixels, images.shape, images.labels);
    const parameters: Tensor[] = [...net.parameters.map(({ tensor }) => tensor), net.weights];
    const { loss, gradients } = operations.gradients(net.forward(mode), net.head, batch, parameters);
    tf.dispose([batch.images, batch.labels]);
    return { loss, gradients, names: [...net.parameters.map(({ name }) => name), "weights"] };
  };
}

describe.each<[string, CellMode, Float32Array]>([
  ["mixture", { kind: "mixture" }, MIXTURE],
  ["gate", { kind: "gate", choices: CHOICES }, GATES],
  ["path", { kind: "path", choices: CHOICES }, GATES],
])("a supernet's %s", (_, mode, weights) => {
  test("has the loss and the gradients of tfjs's autodiff on the cpu backend", async () => {
    const fused = await onBackend("wasm", weights, gradientsOf(mode));
    const stock = await onBackend("cpu", weights, gradientsOf(mode));
    expect(Math.abs(fused.loss - stock.loss)).toBeLessThan(1e-5);
    fused.gradients.forEach((gradient, at) => {
      const expected = stock.gradients[at] as Float32Array;
      const largest = Math.max(1e-3, ...expected.map(Math.abs));
      const off = Math.max(...gradient.map((value, index) => Math.abs(value - (expected[index] as number))));
      expect(off / largest, fused.names[at]).toBeLessThan(2e-4);
    });
    if (mode.kind !== "path") expect(fused.gradients.at(-1)?.some((value) => value !== 0)).toBe(true);
  });
});

describe.each([true, false])("with a trained scale and shift in its cells: %s", (isAffine) => {
  /** Three steps of the mixture with running averages, then a path and the mixture evaluated by them. */
  async function trainedOn(name: "wasm" | "cpu"): Promise<number[]> {
    await tf.setBackend(name);
    const operations = implementations[name];
    const net = new Supernet(operations, SHAPE, 5, isAffine);
    operations.setParameter(net.weights, MIXTURE);
    const images = randomImages(SHAPE, 4);
    const batch = operations.batch(images.pixels, images.shape, images.labels);
    const parameters = net.parameters.map(({ tensor }) => tensor);
    const momenta = parameters.map(({ size, shape }) => operations.parameter(new Float32Array(size), shape));
    const step = { parameters, momenta, learningRate: 0.01, momentum: 0.9, weightDecay: 1e-3, clipNorm: 0.5 };
    operations.phase = "train";
    const losses = [1, 2, 3].map(
      () => operations.trainStep(net.forward({ kind: "mixture" }), net.head, batch, step).loss,
    );
    operations.phase = "running";
    for (const mode of [{ kind: "mixture" }, { kind: "path", choices: CHOICES }] as const) {
      losses.push(operations.evaluate(net.forward(mode), net.head, batch).loss);
    }
    tf.dispose([batch.images, batch.labels, ...momenta]);
    net.dispose();
    return losses;
  }

  test("clipped steps, and evaluation by running averages, are those of stock operations", async () => {
    const [fused, stock] = [await trainedOn("wasm"), await trainedOn("cpu")];
    fused.forEach((loss, at) => {
      expect(Math.abs(loss - (stock[at] as number)), `${at}`).toBeLessThan(1e-3);
    });
    expect(fused[0]).not.toBe(fused[2]);
  });
});

test("a gate and a path give the same loss; the weights of what was not chosen have a gradient through the gate", async () => {
  const gate = await onBackend("wasm", GATES, gradientsOf({ kind: "gate", choices: CHOICES }));
  const path = await onBackend("wasm", GATES, gradientsOf({ kind: "path", choices: CHOICES }));
  expect(gate.loss).toBeCloseTo(path.loss, 6);
  expect(path.gradients.at(-1)?.every((value) => value === 0)).toBe(true);
  const chosen = CHOICES.map((choice, edge) => 5 * edge + choice);
  const others = [...(gate.gradients.at(-1) as Float32Array)].filter((_, at) => at < 30 && !chosen.includes(at));
  expect(others.some((value) => value !== 0)).toBe(true);
});

test("a path computes what a network of its operations does, up to the trained scale and shift", async () => {
  const path = await onBackend("wasm", GATES, gradientsOf({ kind: "path", choices: CHOICES }));
  expect(path.loss).toBeGreaterThan(0);
  await tf.setBackend("wasm");
  const network = new Network(
    implementations.wasm,
    SHAPE,
    CHOICES.map((choice) => OPERATIONS[choice] as never),
    5,
  );
  expect(network.parameters.length).toBeLessThan(path.names.length);
  network.dispose();
});
