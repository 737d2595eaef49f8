/**
 * How fast methods train their supernets: the fused kernels beside the same supernet out of stock tfjs operations on the wasm
 * backend, through the same API, in one process on one core. Run as a program it prints its figures as JSON.
 */
import { type OpenBackend, openBackend } from "../../core/training/backend.ts";
import type { Operations } from "../../core/training/operations.ts";
import { StockOperations } from "../../core/training/stock-operations.ts";
import { WasmOperations } from "../../core/training/wasm-operations.ts";
import { median, processorMilliseconds } from "./measure.ts";
import {
  dartsStep,
  gdasAlphaStep,
  gdasWeightStep,
  type MethodOptions,
  type MethodStep,
  methodOptions,
  rspsStep,
  SAMPLES,
} from "./method-steps.ts";
import { registerFilterGradient } from "./stock-filter-gradient.ts";

/** Speed of one kind of step. */
export interface SupernetFigure {
  readonly name: string;
  /** Images that a step takes. */
  readonly images: number;
  /** Steps a second of processor time on the fused kernels. */
  readonly fused: number;
  /** The same on `StockOperations`. */
  readonly stock: number;
  /** Median over the rounds of how many times as fast; each round measures one after the other. */
  readonly ratio: number;
  /** The ratio below which the benchmark fails; null: for information. */
  readonly smallestRatio: number | null;
}

/** What a whole search would take by the measured steps. */
export interface SearchEstimate {
  readonly epochs: number;
  readonly stepsPerEpoch: number;
  readonly channels: number;
  /** Seconds of processor time on the fused kernels: steps alone, without images, validation and answer. */
  readonly fused: number;
  /** The same on `StockOperations`. */
  readonly stock: number;
}

/** All that is measured. */
export interface SupernetFigures {
  readonly figures: readonly SupernetFigure[];
  readonly search: SearchEstimate;
}

const SMALLEST_RATIO = 8;
const CHANNELS = 16;
/** More say nothing: from then on values at the ReLUs' kinks may fall to either side. */
const COMPARED_STEPS = 2;
/** How often the fused kernels go through what stock operations do once in a round: otherwise too short to measure. */
const FUSED_REPEATS = 4;

type MakeStep = (operations: Operations, options: MethodOptions) => MethodStep;

/** Both implementations on one backend. */
interface Sides {
  readonly fused: Operations;
  readonly stock: Operations;
}

/** @param steps of a round; `rounds` of them are measured after one that is not */
function figure(
  { fused, stock }: Sides,
  name: string,
  options: MethodOptions,
  make: MakeStep,
  { steps, rounds, smallestRatio }: { steps: number; rounds: number; smallestRatio: number | null },
): SupernetFigure {
  const [own, other] = [make(fused, options), make(stock, options)];
  // A baseline that computes something else would say nothing.
  for (let at = 0; at < COMPARED_STEPS; at++) {
    const [loss, otherLoss] = [own.run(at).loss, other.run(at).loss];
    if (!(Math.abs(loss - otherLoss) < 1e-3)) throw new Error(`${name}: losses of step ${at}: ${loss}, ${otherLoss}`);
  }
  const round = () => ({
    fused: processorMilliseconds(FUSED_REPEATS * steps, (at) => own.run(at)),
    stock: processorMilliseconds(steps, (at) => other.run(at)),
  });
  round();
  const times = Array.from({ length: rounds }, round);
  return {
    name: `${name}, C=${options.channels}`,
    images: own.images,
    fused: 1000 / median(times.map((time) => time.fused)),
    stock: 1000 / median(times.map((time) => time.stock)),
    ratio: median(times.map((time) => time.stock / time.fused)),
    smallestRatio,
  };
}

function measure(open: OpenBackend): SupernetFigures {
  registerFilterGradient(open.tf);
  const sides = { fused: new WasmOperations(open), stock: new StockOperations(open) };
  const wide = (method: string) => ({ ...methodOptions(method), channels: CHANNELS, cellsPerStage: 1, batchSize: 64 });
  const paths = { steps: SAMPLES, rounds: 5, smallestRatio: SMALLEST_RATIO };
  const mixtures = { steps: 2, rounds: 7, smallestRatio: SMALLEST_RATIO };
  const darts = methodOptions("darts-v1");
  const search = figure(sides, "DARTS-V1 search", darts, dartsStep, { ...mixtures, rounds: 3, smallestRatio: null });
  const stepsPerEpoch = Math.floor(darts.imagesPerEpoch / darts.batchSize);
  return {
    figures: [
      figure(sides, "GDAS: weights", wide("gdas"), gdasWeightStep, paths),
      figure(sides, "GDAS: parameters", wide("gdas"), gdasAlphaStep, { ...paths, smallestRatio: null }),
      figure(sides, "DARTS-V1: weights and parameters", wide("darts-v1"), dartsStep, mixtures),
      figure(sides, "RSPS: weights", wide("rsps"), rspsStep, paths),
    ],
    search: {
      ...{ epochs: darts.epochs, stepsPerEpoch, channels: darts.channels },
      fused: (darts.epochs * stepsPerEpoch) / search.fused,
      stock: (darts.epochs * stepsPerEpoch) / search.stock,
    },
  };
}

if (import.meta.main) process.stdout.write(`${JSON.stringify(measure(await openBackend("wasm")), null, 2)}\n`);
