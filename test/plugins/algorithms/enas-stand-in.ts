import type { Random } from "../../../core/random/random.ts";
import { choicesOf } from "../../../core/space/codec.ts";
import { openBackend } from "../../../core/training/backend.ts";
import type {
  BatchScore,
  ImageBatch,
  SearchImages,
  Supernet,
  SupernetOptions,
  TrainingAccess,
  WeightStep,
} from "../../../core/training/search/search-types.ts";
import type { SupernetMode } from "../../../core/training/search/supernet-mode.ts";
import { Supernet as Layers } from "../../../core/training/supernet.ts";
import { WasmOperations } from "../../../core/training/wasm-operations.ts";

/** A path's step or evaluation as a stand-in sees it. */
export interface Call {
  readonly kind: "step" | "evaluate";
  readonly architecture: number;
  readonly images: number;
  readonly isAugmented: boolean;
  readonly step: WeightStep | null;
}

type Score = (call: Call, batch: ImageBatch) => BatchScore;

/** Training access with one supernet, whose every call is kept and answered by `score`. */
export class StandIn implements TrainingAccess {
  readonly calls: Call[] = [];
  readonly supernets: SupernetOptions[] = [];
  readonly spentMs = 0;
  readonly images: TrainingAccess["images"];
  readonly #score: Score;
  #isAugmented = false;

  /** @param random draws pixels; none without it */
  constructor(score: Score, random: Random | null = null) {
    this.#score = score;
    const split = (count: number) =>
      ({
        count,
        next: (size: number, isAugmented: boolean) => {
          this.#isAugmented = isAugmented;
          return batchOf(size, random);
        },
      }) as unknown as SearchImages;
    this.images = { train: split(1000), valid: split(500) };
  }

  supernet(options: SupernetOptions): Supernet {
    this.supernets.push(options);
    const answer = (kind: Call["kind"], mode: SupernetMode, batch: ImageBatch, step: WeightStep | null) => {
      if (mode.kind !== "path") throw new Error(`ENAS computes paths, not a ${mode.kind}`);
      const [images] = batch.shape;
      const call = { kind, architecture: mode.architecture, images, isAugmented: this.#isAugmented, step };
      this.calls.push(call);
      return this.#score(call, batch);
    };
    return {
      step: (mode: SupernetMode, batch: ImageBatch, step: WeightStep) => answer("step", mode, batch, step),
      evaluate: (mode: SupernetMode, batch: ImageBatch) => answer("evaluate", mode, batch, null),
    } as unknown as Supernet;
  }
}

/** Images of 8x8 pixels of four classes: noise, and the class's quarter is bright. */
function batchOf(size: number, random: Random | null): ImageBatch {
  const labels = Int32Array.from({ length: size }, (_, at) => random?.integer(4) ?? at % 4);
  const pixels = Float32Array.from({ length: size * 64 }, (_, at) => {
    const isBright = Math.floor((at % 64) / 16) === labels[Math.floor(at / 64)];
    return (random?.normal() ?? 0) / 2 + Number(isBright);
  });
  return { pixels, labels, shape: [size, 8, 8, 1] };
}

/** Scores by the real supernet of 8 channels and one cell a stage. */
export async function realScore(): Promise<Score> {
  const operations = new WasmOperations(await openBackend("wasm"));
  const net = new Layers(operations, { channels: 8, cellsPerStage: 1, imageSize: 8, imageChannels: 1, classes: 4 }, 5);
  const parameters = net.parameters.map(({ tensor }) => tensor);
  const momenta = parameters.map(({ size, shape }) => operations.parameter(new Float32Array(size), shape));
  return ({ architecture, step }, { pixels, shape, labels }) => {
    const batch = operations.batch(pixels, shape, labels);
    const forward = net.forward({ kind: "path", choices: choicesOf(architecture) });
    operations.phase = step === null ? "running" : "train";
    const { clipNorm, ...settings } = step ?? { clipNorm: null, learningRate: 0, momentum: 0, weightDecay: 0 };
    const clip = clipNorm === null ? {} : { clipNorm };
    const { loss, correct } =
      step === null
        ? operations.evaluate(forward, net.head, batch)
        : operations.trainStep(forward, net.head, batch, { parameters, momenta, ...settings, ...clip });
    batch.images.dispose();
    batch.labels.dispose();
    return { loss, accuracy: (100 * correct) / labels.length };
  };
}
