/** A figure beside its baseline, both measured in this process and run. */
export interface Figure {
  readonly name: string;
  /** What was measured, with its unit. */
  readonly value: number;
  readonly unit: string;
  /** The plain thing that it is compared with, in the same unit. */
  readonly baseline: number;
  readonly baselineName: string;
  /** Cost relative to the baseline: value / baseline, or the inverse where more is better. */
  readonly ratio: number;
  /** The ratio above which the benchmark fails. */
  readonly largestRatio: number;
}

/** Median of some numbers. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] as number;
}

/** Milliseconds that a function takes: the median of several calls, after one that is not counted. */
export function milliseconds(action: () => unknown, calls = 5): number {
  action();
  const times = Array.from({ length: calls }, () => {
    const start = performance.now();
    action();
    return performance.now() - start;
  });
  return median(times);
}

/** Two actions in turn, so that a machine whose speed drifts slows both; the medians in milliseconds. */
export function sideBySide(first: () => unknown, second: () => unknown, calls = 5): [number, number] {
  first();
  second();
  const times: [number[], number[]] = [[], []];
  for (let call = 0; call < calls; call++) {
    for (const [at, action] of [first, second].entries()) {
      const start = performance.now();
      action();
      times[at]?.push(performance.now() - start);
    }
  }
  return [median(times[0]), median(times[1])];
}

/** Milliseconds of processor time that this process has used. */
function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Milliseconds of processor time of one step: the mean of so many, counted from 0. */
export function processorMilliseconds(steps: number, step: (at: number) => unknown): number {
  const start = processorTime();
  for (let at = 0; at < steps; at++) step(at);
  return (processorTime() - start) / steps;
}
