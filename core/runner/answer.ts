import type { ProtocolSearch } from "../../schemas/generated/protocol.ts";
import type { Answer } from "../../schemas/generated/record.ts";
import type { TraceEntry } from "./evaluator.ts";

/** A point of a run's trajectory: the incumbent after an evaluation. */
export interface TrajectoryPoint {
  /** Simulated ms spent when the evaluation was finished. */
  readonly spentMs: number;
  /** The incumbent: highest accuracy at the answer's epochs so far, the first of equals. */
  readonly architecture: number;
}

/** The incumbent after each evaluation; evaluations before the first one that counts have no point. */
export function trajectoryOf(
  trace: readonly TraceEntry[],
  answerEpochs: ProtocolSearch["answerEpochs"],
): TrajectoryPoint[] {
  const points: TrajectoryPoint[] = [];
  let spentMs = 0;
  let best = Number.NEGATIVE_INFINITY;
  let incumbent = -1;
  for (const [architecture, epochs, , accuracy, costMs] of trace) {
    spentMs += costMs;
    if ((answerEpochs === "any" || epochs === answerEpochs) && accuracy > best) {
      best = accuracy;
      incumbent = architecture;
    }
    if (incumbent >= 0) points.push({ spentMs, architecture: incumbent });
  }
  return points;
}

/**
 * The answer at the budget as NATS-Bench reports it (AutoDL-Projects, `exps/NATS-Bench/draw-table.py`): of the trajectory's
 * points take the two nearest to the limit in |spent - limit| and interpolate linearly between their incumbents' accuracies.
 * Both may lie before the limit, so a weight may be negative.
 */
function interpolatedAnswer(points: readonly TrajectoryPoint[], limitMs: number): Answer[] {
  const nearest = points
    .map((point, at) => ({ point, at, distance: Math.abs(point.spentMs - limitMs) }))
    .sort((a, b) => a.distance - b.distance || a.at - b.at)
    .slice(0, 2)
    .sort((a, b) => a.at - b.at)
    .map(({ point }) => point);
  const [first, second] = nearest;
  if (first === undefined) return [];
  if (second === undefined || second.architecture === first.architecture) {
    return [{ architecture: first.architecture, weight: 1 }];
  }
  const weight = (limitMs - first.spentMs) / (second.spentMs - first.spentMs);
  if (weight === 0) return [{ architecture: first.architecture, weight: 1 }];
  if (weight === 1) return [{ architecture: second.architecture, weight: 1 }];
  return [
    { architecture: first.architecture, weight: 1 - weight },
    { architecture: second.architecture, weight },
  ];
}

/**
 * The answer that the harness gives for a method that names none: the incumbent, or where the protocol interpolates and
 * the run reached the limit, two incumbents with weights. Empty if no evaluation counts.
 */
export function defaultAnswer(trace: readonly TraceEntry[], search: ProtocolSearch): Answer[] {
  const points = trajectoryOf(trace, search.answerEpochs);
  const last = points.at(-1);
  if (last === undefined) return [];
  const { crossing, limit } = search.budget;
  if (crossing === "keep-and-interpolate" && last.spentMs >= limit) return interpolatedAnswer(points, limit);
  return [{ architecture: last.architecture, weight: 1 }];
}
