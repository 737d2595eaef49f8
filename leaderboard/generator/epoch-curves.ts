import { HarnessError } from "../../core/errors/harness-error.ts";
import { parseJson } from "../../core/files/json-file.ts";
import { eachLine, lineName } from "../../core/files/text-lines.ts";
import { isArchitecture, operationsOf } from "../../core/space/codec.ts";
import { plainText } from "./text.ts";

/** What a method's searches looked like while they trained: means over its runs, one value an epoch. */
export interface EpochCurve {
  /** Method id. */
  readonly method: string;
  readonly search: string;
  readonly runs: number;
  readonly epochs: number;
  /** Accuracy of the supernet on training batches, in percent, shape [epochs]; null where the method does not log it. */
  readonly trainAccuracy: readonly number[] | null;
  /** Share of skip_connect on the six edges of the architecture that it would answer, in percent, shape [epochs]. */
  readonly skipShare: readonly number[];
}

interface LoggedEpoch {
  readonly method: string;
  readonly search: string;
  readonly runIndex: number;
  readonly epoch: number;
  readonly epochs: number;
  readonly architecture: number;
  readonly trainAccuracy?: number;
}

function requireEpoch(value: unknown, where: string): LoggedEpoch {
  const line = value as Partial<LoggedEpoch> | null;
  const isNamed = typeof line?.method === "string" && typeof line.search === "string";
  const isCounted = [line?.runIndex, line?.epoch, line?.epochs].every((number) => Number.isInteger(number));
  const isWhole = isNamed && isCounted && isArchitecture(line.architecture);
  const { trainAccuracy } = line ?? {};
  if (isWhole && (trainAccuracy === undefined || Number.isFinite(trainAccuracy))) return line as LoggedEpoch;
  throw new HarnessError("NAS_SCHEMA", {
    what: "a line is no epoch of a method that trains",
    where,
    allowed: "lines that nas-harness run --log wrote",
    next: "name another file, or delete the line",
  });
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

function curveOf(lines: readonly LoggedEpoch[]): EpochCurve {
  const { method, search } = lines[0] as LoggedEpoch;
  // A search that was killed logs an epoch twice, with the same figures.
  const byEpoch = new Map<number, Map<number, LoggedEpoch>>();
  for (const line of lines) {
    const runs = byEpoch.get(line.epoch) ?? new Map<number, LoggedEpoch>();
    byEpoch.set(line.epoch, runs.set(line.runIndex, line));
  }
  const epochs = [...byEpoch.keys()].sort((a, b) => a - b).map((epoch) => [...(byEpoch.get(epoch)?.values() ?? [])]);
  const skips = ({ architecture }: LoggedEpoch) =>
    (100 * operationsOf(architecture).filter((operation) => operation === "skip_connect").length) / 6;
  const hasAccuracy = lines.every(({ trainAccuracy }) => trainAccuracy !== undefined);
  return {
    method: plainText(method),
    search: plainText(search),
    runs: new Set(lines.map(({ runIndex }) => runIndex)).size,
    epochs: epochs.length,
    trainAccuracy: hasAccuracy ? epochs.map((runs) => mean(runs.map((run) => run.trainAccuracy as number))) : null,
    skipShare: epochs.map((runs) => mean(runs.map(skips))),
  };
}

/**
 * Curves of the methods in logs of `run --log`, in alphabetical order. A torn last line is passed over.
 * @throws NAS_FILE_NOT_FOUND, NAS_FILE_UNREADABLE, NAS_JSON, NAS_SCHEMA naming the line
 */
export function readEpochCurves(files: readonly string[]): EpochCurve[] {
  const lines = files.flatMap((file) =>
    Array.from(eachLine(file)).flatMap(({ text, place, isWhole }) =>
      isWhole ? [requireEpoch(parseJson(text, lineName(place)), lineName(place))] : [],
    ),
  );
  const groups = Map.groupBy(lines, ({ method, search }) => `${method}\n${search}`);
  return [...groups.keys()].sort().map((key) => curveOf(groups.get(key) as LoggedEpoch[]));
}
