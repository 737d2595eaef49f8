import type { Protocol } from "../../schemas/generated/protocol.ts";
import type { PinnedCosts } from "../costs/constraints.ts";
import type { ErrorReport } from "../errors/harness-error.ts";
import type { GuestSettings } from "../isolation/guest-command.ts";
import type { RunOutcome } from "./active-run.ts";
import type { PlannedRun } from "./plan.ts";

/** A method of a session: its plugin's folder and its resolved options. */
export interface SessionMethod {
  /** Method id. */
  readonly method: string;
  /** Absolute path of the plugin's folder. */
  readonly folder: string;
  /** Resolved options. */
  readonly options: Record<string, unknown>;
  /** How it is kept in a process of its own; null: it runs in the worker. */
  readonly guest: GuestSettings | null;
}

/** First message to a worker: everything that stays the same for all its runs. */
export interface WorkerSetup {
  readonly type: "setup";
  readonly protocol: Protocol;
  /** Folder of the table; only its search view is opened. */
  readonly tableFolder: string;
  /** The cost tables that the protocol's constraints name. */
  readonly costs: readonly PinnedCosts[];
  readonly methods: readonly SessionMethod[];
  /** Paths of extension modules. */
  readonly extensions: readonly string[];
  /** Wall-clock limit of one run in seconds, which the worker enforces for methods in processes of their own. */
  readonly runLimitSeconds: number;
  /** True: every run has its edges and operations permuted, by its own seed. */
  readonly isRelabelled: boolean;
}

/** Later messages to a worker. */
export type WorkerTask =
  | {
      readonly type: "runs";
      readonly runs: readonly PlannedRun[];
      /** For runs that train: where an earlier attempt of each stood. */
      readonly checkpoints?: readonly (Uint8Array | null)[];
    }
  | { readonly type: "stop" };

/** A run that a worker finished. */
export interface FinishedRun {
  readonly run: PlannedRun;
  readonly outcome: RunOutcome;
  /** Measured CPU seconds of the run. */
  readonly cpuSeconds: number;
}

/** Messages from a worker. */
export type WorkerReport =
  | { readonly type: "ready" }
  /** A run is about to start; the wall-clock limit counts from here. */
  | { readonly type: "starting"; readonly run: PlannedRun }
  /** The worker itself watches over the runs that follow: they are in a process of their own. */
  | { readonly type: "guarding" }
  /** What a method in a process of its own printed. */
  | { readonly type: "output"; readonly text: string }
  | { readonly type: "finished"; readonly finished: FinishedRun }
  /** Nothing is left to do. */
  | { readonly type: "idle" }
  /** The harness or an extension failed: the session ends. */
  | { readonly type: "broken"; readonly error: ErrorReport };
