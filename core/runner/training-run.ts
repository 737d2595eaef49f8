import { createHash } from "node:crypto";
import type { TrainingTrace } from "../../schemas/generated/record.ts";
import { HarnessError, messageOf } from "../errors/harness-error.ts";
import type { Algorithm } from "../plugins/algorithm.ts";
import type { RunName } from "../plugins/hooks.ts";
import { isMutation } from "../plugins/thrown.ts";
import type { EpochReport, TrainingContext, TrainingSearcher } from "../plugins/training.ts";
import { Random } from "../random/random.ts";
import { type Architecture, isArchitecture } from "../space/codec.ts";
import { ARCHITECTURE_COUNT } from "../space/operations.ts";
import { NAS_BENCH_201_SPACE } from "../space/space.ts";
import type { BackendName } from "../training/backend.ts";
import { SearchTraining, type SearchTrainingParts } from "../training/search/search-training.ts";
import type { RunOutcome, TrainingEpoch } from "./active-run.ts";
import { type AlgorithmFault, algorithmFault } from "./algorithm-fault.ts";
import { decodeCheckpoint, encodeCheckpoint } from "./checkpoint.ts";
import { MemoryGrowth } from "./memory-growth.ts";

/** What a run that trains needs besides its method. */
export interface TrainingRunInputs {
  readonly run: RunName;
  /** Dataset of the protocol's search. */
  readonly dataset: string;
  /** Frozen. */
  readonly options: Record<string, unknown>;
  readonly parts: SearchTrainingParts;
  readonly backend: BackendName;
  /** Epochs after which the run is stopped; null: the method's own number. */
  readonly mostEpochs: number | null;
  /** True: a run that is stopped is not asked for its answer, which may depend on its last epoch. */
  readonly stopsUnanswered?: boolean;
  /** Hash of everything that decides how the run goes on; null: the run leaves no checkpoints. */
  readonly checkpointKey: string | null;
  /** Where an earlier attempt stood; one with another key is passed over. */
  readonly checkpoint: Uint8Array | null;
  /** Number of tensors that tfjs holds. */
  readonly countTensors: () => number;
  /** Awaited after each epoch, with the run's checkpoint. */
  readonly onEpoch: (progress: EpochProgress, checkpoint: Uint8Array | null) => Promise<void>;
}

/** How far a run that trains is, for people who watch. */
export interface EpochProgress {
  /** From 1. */
  readonly epoch: number;
  readonly epochs: number;
  /** The architecture that the method would answer now. */
  readonly architecture: Architecture;
  /** Simulated milliseconds so far. */
  readonly spentMs: number;
  /** The method's own figures. */
  readonly figures: Readonly<Record<string, number>>;
}

/** How a run that trains ended. */
export interface TrainingRunResult {
  readonly outcome: RunOutcome;
  /** Measured CPU seconds, those before a checkpoint included. */
  readonly cpuSeconds: number;
}

function badReport(what: string, allowed: string): HarnessError {
  return new HarnessError("NAS_TRAINING_REPORT", { what, allowed, next: "correct the plugin" });
}

/** SHA-256 over the parameters as little-endian float64. @throws NAS_TRAINING_NAN, NAS_TRAINING_REPORT */
function parametersHash(parameters: ArrayLike<number>): string {
  if (typeof parameters !== "object" || parameters === null || typeof parameters.length !== "number") {
    throw badReport("an epoch's report has no parameters", "a list of numbers, empty if the method has none");
  }
  const values = Float64Array.from(parameters);
  if (!values.every(Number.isFinite)) {
    throw new HarnessError("NAS_TRAINING_NAN", {
      what: "the method's architecture parameters are not all finite numbers any more",
      allowed: "parameters that stay finite",
      next: "lower their learning rate",
    });
  }
  return createHash("sha256").update(new Uint8Array(values.buffer)).digest("hex");
}

/** One run of a method that trains. */
class TrainingRun {
  readonly #inputs: TrainingRunInputs;
  readonly #training: SearchTraining;
  readonly #random: Random;
  readonly #epochs: TrainingEpoch[] = [];
  readonly #growth = new MemoryGrowth();
  readonly #cpuBefore = process.cpuUsage();
  #earlierCpuSeconds = 0;
  #isStopped = false;

  constructor(inputs: TrainingRunInputs) {
    this.#inputs = inputs;
    this.#training = new SearchTraining(inputs.parts);
    this.#random = new Random(inputs.parts.seed);
  }

  get cpuSeconds(): number {
    const { user, system } = process.cpuUsage(this.#cpuBefore);
    return this.#earlierCpuSeconds + (user + system) / 1e6;
  }

  get trace(): TrainingTrace {
    return {
      backend: this.#inputs.backend,
      imagesSha256: this.#training.imagesSha256,
      costMs: this.#training.spentMs,
      epochs: [...this.#epochs],
    };
  }

  /** Epochs trained, if the run was stopped before its end. */
  get stoppedAfter(): Pick<RunOutcome, "stoppedAfter"> {
    return this.#isStopped ? { stoppedAfter: this.#epochs.length } : {};
  }

  /** Trains to the end, or to where it is stopped. @returns the answer; null without one. @throws the faults of the method */
  async search(algorithm: Algorithm): Promise<Architecture | null> {
    const searcher = this.#call("create", () => this.#create(algorithm));
    const epochs = this.#call("create", () => searcher.epochs);
    if (!Number.isInteger(epochs) || epochs < 1) throw badReport(`epochs is ${String(epochs)}`, "a positive integer");
    this.#resume(searcher);
    const last = Math.min(epochs, this.#inputs.mostEpochs ?? epochs);
    this.#isStopped = last < epochs;
    for (let epoch = this.#epochs.length; epoch < last; epoch++) {
      const report = this.#call("trainEpoch", () => searcher.trainEpoch(epoch));
      this.#keep(report);
      const { architecture, figures } = report;
      const progress = {
        epoch: epoch + 1,
        epochs,
        architecture,
        spentMs: this.#training.spentMs,
        figures: { ...figures },
      };
      await this.#inputs.onEpoch(progress, this.#checkpoint(searcher));
    }
    if (this.#isStopped && this.#inputs.stopsUnanswered === true) return null;
    const answer = this.#call("answer", () => searcher.answer());
    this.#training.check();
    if (isArchitecture(answer)) return answer;
    throw new HarnessError("NAS_ALGORITHM_ANSWER", {
      what: `${this.#inputs.run.method} answered ${messageOf(answer)}, which is not an architecture`,
      allowed: `an integer from 0 to ${ARCHITECTURE_COUNT - 1}`,
      next: `correct the plugin ${this.#inputs.run.method}`,
    });
  }

  /** Frees all tensors. */
  dispose(): void {
    this.#training.dispose();
  }

  /** An error of the run with the method, the run and the epoch in it. */
  named(error: unknown): unknown {
    if (!(error instanceof HarnessError) || error.exitCode !== 3) return error;
    const { run } = this.#inputs;
    const { what } = error.details;
    return new HarnessError(error.code, {
      ...error.details,
      what: what.startsWith(run.method) ? what : `${run.method}: ${what}`,
      where: `run ${run.runIndex}, after ${this.#epochs.length} epochs`,
    });
  }

  #create(algorithm: Algorithm): TrainingSearcher {
    const { run, dataset, options } = this.#inputs;
    if (algorithm.train === null) {
      throw new HarnessError("NAS_PLUGIN_CAPABILITY", {
        what: `${run.method} says that it needs training, but is not defined by train`,
        allowed: "defineAlgorithm({ train })",
        next: "correct the plugin, or leave needs out of its manifest",
      });
    }
    const context: TrainingContext = Object.freeze({
      space: NAS_BENCH_201_SPACE,
      random: Object.freeze(this.#random) as Random,
      options,
      protocol: Object.freeze({ id: run.protocol, search: run.search, dataset }),
      training: this.#training.access,
    });
    return algorithm.train(context);
  }

  #resume(searcher: TrainingSearcher): void {
    const { checkpointKey, checkpoint } = this.#inputs;
    const state = checkpointKey === null || checkpoint === null ? null : decodeCheckpoint(checkpointKey, checkpoint);
    if (state === null) return;
    this.#training.restore(state.training);
    Random.restore(this.#random, state.random);
    this.#call("restore", () => searcher.restore(state.method));
    this.#epochs.push(...state.epochs);
    this.#earlierCpuSeconds = state.cpuSeconds;
  }

  #checkpoint(searcher: TrainingSearcher): Uint8Array | null {
    const { checkpointKey } = this.#inputs;
    if (checkpointKey === null) return null;
    const method = this.#call("save", () => searcher.save());
    return encodeCheckpoint(checkpointKey, {
      training: this.#training.save(),
      random: Random.save(this.#random),
      method,
      epochs: this.#epochs,
      cpuSeconds: this.cpuSeconds,
    });
  }

  /** Checks an epoch and adds it to the trace. */
  #keep(report: EpochReport): void {
    if (!isArchitecture(report?.architecture)) {
      throw badReport(`an epoch's architecture is ${String(report?.architecture)}`, `0 to ${ARCHITECTURE_COUNT - 1}`);
    }
    const parameters = parametersHash(report.parameters);
    this.#training.check();
    this.#growth.after(this.#inputs.countTensors());
    this.#epochs.push([report.architecture, this.#training.spentMs, this.#training.weightsHash(), parameters]);
  }

  #call<T>(step: AlgorithmFault["step"], action: () => T): T {
    try {
      const result = action();
      this.#training.requireNoFault();
      return result;
    } catch (thrown) {
      if (thrown instanceof HarnessError) throw thrown;
      const fault = { step, message: messageOf(thrown), isMutation: isMutation(thrown), cause: thrown };
      throw algorithmFault(this.#inputs.run, fault, 0);
    }
  }
}

/**
 * One run of a method that trains, from its supernet's initial weights (or its last checkpoint) to its answer. A method that
 * breaks its contract fails its run and nothing else.
 * @throws errors of the harness
 */
export async function executeTrainingRun(algorithm: Algorithm, inputs: TrainingRunInputs): Promise<TrainingRunResult> {
  const run = new TrainingRun(inputs);
  const outcomeOf = (rest: Pick<RunOutcome, "answers" | "failure">): TrainingRunResult => ({
    outcome: { trace: [], refusedBy: [], training: run.trace, ...run.stoppedAfter, ...rest },
    cpuSeconds: run.cpuSeconds,
  });
  try {
    const architecture = await run.search(algorithm);
    return outcomeOf({ answers: architecture === null ? [] : [{ architecture, weight: 1 }], failure: null });
  } catch (thrown) {
    const error = run.named(thrown);
    if (!(error instanceof HarnessError) || error.exitCode !== 3) throw error;
    const { what, where } = error.details;
    return outcomeOf({
      answers: [],
      failure: { code: error.code, what: where === undefined ? what : `${what} (${where})` },
    });
  } finally {
    run.dispose();
  }
}
