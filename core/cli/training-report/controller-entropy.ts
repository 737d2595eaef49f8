import { readTextFile } from "../../files/json-file.ts";
import { EDGES, OPERATIONS } from "../../space/operations.ts";
import { commonEpochs, type TrainedMethod } from "./trained-runs.ts";

/** Entropy in nats of a cell whose six operations are chosen uniformly. */
export const UNIFORM_ENTROPY: number = EDGES.length * Math.log(OPERATIONS.length);

/** The entropy of a controller's choices over the epochs of its runs. */
export interface ControllerEntropy {
  /** Runs of which the log has every epoch. */
  readonly runs: number;
  /** Mean over these runs in nats of a cell (all six edges), by epoch (from 1), shape [epochs]. */
  readonly means: readonly number[];
}

interface LoggedEpoch {
  readonly method?: unknown;
  readonly search?: unknown;
  readonly runIndex?: unknown;
  readonly epoch?: unknown;
  readonly architecture?: unknown;
  readonly spentMs?: unknown;
  readonly entropy?: unknown;
}

/** An epoch log (`run --log`) by method, search, run and epoch; of an epoch that is there twice the last line counts. */
export type EpochLogLines = ReadonlyMap<string, LoggedEpoch>;

const keyOf = (method: unknown, search: unknown, runIndex: unknown, epoch: unknown) =>
  JSON.stringify([method, search, runIndex, epoch]);

/** Reads an epoch log; lines that a kill tore off are passed over. @throws NAS_FILE_NOT_FOUND, NAS_FILE_UNREADABLE */
export function readEpochLog(file: string): EpochLogLines {
  const lines = new Map<string, LoggedEpoch>();
  for (const text of readTextFile(file).split("\n")) {
    try {
      const line = JSON.parse(text) as LoggedEpoch;
      lines.set(keyOf(line.method, line.search, line.runIndex, line.epoch), line);
    } catch {
      // A torn line is logged again by the run that goes on.
    }
  }
  return lines;
}

/**
 * The entropies of a method's runs; null if the log has not every epoch of any of them. A line counts only if it tells of
 * the architecture and the cost that the record has of that epoch: others belong to other runs.
 */
export function controllerEntropy(method: TrainedMethod, search: string, log: EpochLogLines): ControllerEntropy | null {
  const epochs = commonEpochs(method);
  const curves = method.runs.flatMap((run) => {
    const curve = run.epochs.slice(0, epochs).flatMap(([architecture, spentMs], at) => {
      const line = log.get(keyOf(method.variant, search, run.runIndex, at + 1));
      const isSame = line?.architecture === architecture && line.spentMs === spentMs;
      return isSame && typeof line.entropy === "number" ? [line.entropy] : [];
    });
    return curve.length === epochs ? [curve] : [];
  });
  if (curves.length === 0) return null;
  const means = Array.from({ length: epochs }, (_, at) =>
    curves.reduce((sum, curve) => sum + (curve[at] as number) / curves.length, 0),
  );
  return { runs: curves.length, means };
}
