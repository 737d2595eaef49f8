import type { ProtocolSearch } from "../../schemas/generated/protocol.ts";
import type { Recipe } from "../../schemas/generated/recipe.ts";
import type { BackendName } from "../training/backend.ts";
import type { ImageSet } from "../training/image-set.ts";
import type { SupernetOptions } from "../training/search/search-types.ts";
import type { PassCost } from "../training/search/training-clock.ts";
import type { PlannedRun } from "./plan.ts";
import type { EpochProgress } from "./training-run.ts";

/** A method of a training session. */
export interface TrainedMethod {
  /** Method id. */
  readonly method: string;
  /** Absolute path of the plugin's folder. */
  readonly folder: string;
  /** The plugin's entry, relative to its folder. */
  readonly entry: string;
  /** Resolved options. */
  readonly options: Record<string, unknown>;
  /** Hash of everything that decides how its runs go on. */
  readonly key: string;
}

/** What methods train on in one search of the protocol. Test images are not among it. */
export interface TrainedSearch {
  readonly search: Pick<ProtocolSearch, "id" | "dataset">;
  readonly images: { readonly train: ImageSet; readonly valid: ImageSet };
  readonly recipe: Pick<Recipe, "normalization" | "augmentation">;
  readonly cost: PassCost;
}

/** First message to a trainer process. */
export interface TrainerSetup {
  readonly type: "setup";
  /** Protocol id. */
  readonly protocol: string;
  /** The protocol's trainingBudget. */
  readonly limitMs: number | null;
  readonly backend: BackendName;
  /** True: the methods are a third party's, and signals are forbidden to them. */
  readonly isApart: boolean;
  /** True: hidden sources of randomness, clocks, the environment and files throw. */
  readonly hasTraps: boolean;
  /** Epochs after which a run is stopped, whatever its own number is; null: its own. Only for checks. */
  readonly mostEpochs: number | null;
  /** True: a run that `mostEpochs` stops is not asked for its answer. */
  readonly stopsUnanswered?: boolean;
  /** Size that no supernet exceeds, whatever the method asks for. Only for checks. */
  readonly largest?: Pick<SupernetOptions, "channels" | "cellsPerStage">;
  readonly methods: readonly TrainedMethod[];
  readonly searches: readonly TrainedSearch[];
}

/** An epoch of a run has ended. */
export interface EpochMessage {
  readonly type: "epoch";
  readonly run: PlannedRun;
  readonly progress: EpochProgress;
  /** Where the run stands, for a later attempt. */
  readonly checkpoint: Uint8Array;
}
