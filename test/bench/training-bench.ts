/**
 * How fast networks train: the fused kernels beside the stock tfjs wasm backend, in one process on one core. Run as a program
 * it prints its figures as JSON; `npm run bench` calls it so, because tfjs would count in the memory that is measured there.
 */
import { openBackend, type Tf } from "../../core/training/backend.ts";
import type { NetworkShape } from "../../core/training/network.ts";
import { randomImages, TrainedNetwork } from "../../core/training/self-check/trained-network.ts";
import { medianCell } from "../../core/training/self-check/training-speed.ts";
import { trainedEdges } from "../../core/training/trial.ts";
import { WasmOperations } from "../../core/training/wasm-operations.ts";
import { LayersNetwork } from "../training/layers-network.ts";
import { median, processorMilliseconds as timed } from "./measure.ts";
import { measuredAlone } from "./measured-alone.ts";
import { registerFilterGradient } from "./stock-filter-gradient.ts";

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
  return measuredAlone<TrainingFigure[]>(import.meta.filename);
}

if (import.meta.main) process.stdout.write(`${JSON.stringify(await measure(), null, 2)}\n`);
