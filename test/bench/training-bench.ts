/**
 * How fast networks train: the fused kernels beside the stock tfjs wasm backend, in one process on one core. Run as a program
 * it prints its figures as JSON; `npm run bench` calls it so, because tfjs would count in the memory that is measured there.
 */
import { spawnSync } from "node:child_process";
import type { Tensor, Tensor4D } from "@tensorflow/tfjs";
import { openBackend, type Tf } from "../../core/training/backend.ts";
import type { NetworkShape } from "../../core/training/network.ts";
import { randomImages, TrainedNetwork } from "../../core/training/self-check/trained-network.ts";
import { medianCell } from "../../core/training/self-check/training-speed.ts";
import { trainedEdges } from "../../core/training/trial.ts";
import { WasmOperations } from "../../core/training/wasm-operations.ts";
import { LayersNetwork } from "../training/layers-network.ts";
import { median } from "./measure.ts";

/** Training speed of one network. */
export interface TrainingFigure {
  readonly name: string;
  /** Images a second of processor time, forward, backward and optimiser's step. */
  readonly fused: number;
  /** The same network made of tf.layers on the same backend. */
  readonly stock: number;
  /** Median over the rounds of how many times as fast; each round measures one after the other. */
  readonly ratio: number;
  /** The ratio below which the benchmark fails. */
  readonly smallestRatio: number;
}

const BATCH = 64;
const ROUNDS = 15;
const FUSED_STEPS = 20;
const SETTINGS = { learningRate: 0.05, momentum: 0.9, weightDecay: 0 };
const SMALLEST_RATIO = new Map([
  [8, 20],
  [16, 11],
]);
const ALL_3X3 = 1462;

function shapeWith(channels: number): NetworkShape {
  return { channels, cellsPerStage: 1, imageSize: 8, imageChannels: 1, classes: 10 };
}

/**
 * The one kernel that stock training lacks on the wasm backend, out of stock operations: the filter's gradient is the
 * convolution of the images with the output's gradient, images and channels exchanged, the stride as dilation.
 */
function registerFilterGradient(tf: Tf): void {
  tf.registerKernel({
    kernelName: "Conv2DBackpropFilter",
    backendName: "wasm",
    kernelFunc: ({ inputs, attrs }) => {
      const { x, dy } = inputs as unknown as { x: Tensor; dy: Tensor };
      const { strides, pad, filterShape } = attrs as unknown as {
        strides: number | [number, number];
        pad: "same" | "valid";
        filterShape: [number, number, number, number];
      };
      const [size] = filterShape;
      return tf.tidy(() => {
        const padding = pad === "same" ? (size - 1) >> 1 : 0;
        const images = tf.transpose(x, [3, 1, 2, 0]) as Tensor4D;
        const filter = tf.transpose(dy, [1, 2, 0, 3]) as Tensor4D;
        const all = tf.conv2d(images, filter, 1, padding, "NHWC", [strides].flat()[0] as number);
        return tf.transpose(tf.slice(all, [0, 0, 0, 0], [-1, size, size, -1]), [1, 2, 0, 3]);
      });
    },
  });
}

/** Milliseconds of processor time that this process has used. */
function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function timed(steps: number, step: () => unknown): number {
  const start = processorTime();
  for (let at = 0; at < steps; at++) step();
  return (processorTime() - start) / steps;
}

/** One network trained by the fused kernels and, made of tf.layers, by the stock backend: from equal weights, in turns. */
function figure(
  tf: Tf,
  operations: WasmOperations,
  name: string,
  channels: number,
  architecture: number,
): TrainingFigure {
  const shape = shapeWith(channels);
  const edges = trainedEdges(architecture);
  const data = randomImages(shape, BATCH);
  const fused = new TrainedNetwork(operations, shape, edges, data, SETTINGS);
  const stock = new LayersNetwork(tf, shape, edges, "stock");
  stock.assign(fused.weights());
  const [images, labels] = [tf.tensor(data.pixels, [...data.shape]), tf.tensor1d(data.labels, "int32")];
  const stockStep = () => stock.trainStep(images, labels, SETTINGS);
  // A baseline that computes something else would say nothing. After the first step the losses depend on the gradients,
  // which stock pooling gets wrong at the border.
  const steps = edges.includes("avg_pool_3x3") ? 1 : 3;
  for (let step = 0; step < steps; step++) {
    const [own, other] = [fused.step().loss, stockStep()];
    if (!(Math.abs(own - other) < 1e-3)) throw new Error(`${name}: losses of step ${step} are ${own} and ${other}`);
  }
  timed(10 * FUSED_STEPS, () => fused.step());
  timed(3, stockStep);
  const rounds = Array.from({ length: ROUNDS }, () => ({
    fused: timed(FUSED_STEPS, () => fused.step()),
    stock: timed(1, stockStep),
  }));
  fused.dispose();
  stock.dispose();
  tf.dispose([images, labels]);
  return {
    name: `${name} (${architecture}), C=${channels}`,
    fused: (1000 * BATCH) / median(rounds.map((round) => round.fused)),
    stock: (1000 * BATCH) / median(rounds.map((round) => round.stock)),
    ratio: median(rounds.map((round) => round.stock / round.fused)),
    smallestRatio: SMALLEST_RATIO.get(channels) as number,
  };
}

/** The figures of all-3x3 and median cells at 8 and 16 channels. */
async function measure(): Promise<TrainingFigure[]> {
  const open = await openBackend("wasm");
  registerFilterGradient(open.tf);
  const operations = new WasmOperations(open);
  const cells = [
    ["all-3x3 cell", ALL_3X3],
    ["median cell", medianCell(shapeWith(8))],
  ] as const;
  return [8, 16].flatMap((channels) =>
    cells.map(([name, architecture]) => figure(open.tf, operations, name, channels, architecture)),
  );
}

/** Measures training in a process of its own that uses one thread for everything. @throws Error if it fails */
export function trainingFigures(): TrainingFigure[] {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--single-threaded", import.meta.filename], {
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`the measurement of training failed: ${stderr}`);
  return JSON.parse(stdout) as TrainingFigure[];
}

if (import.meta.main) process.stdout.write(`${JSON.stringify(await measure(), null, 2)}\n`);
