import { Random } from "../../../core/random/random.ts";

/** Numbers with a shape, outside of any backend. */
export type PlainValues = {
  readonly data: Float32Array;
  readonly shape: readonly number[];
};

/** Number of elements of a shape. */
export function countOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

/** Standard normal values. */
export function normalValues(random: Random, shape: readonly number[]): PlainValues {
  return { data: Float32Array.from({ length: countOf(shape) }, () => random.normal()), shape };
}

/** A generator for a test's inputs, by a text. */
export function testRandom(text: string): Random {
  return new Random(Buffer.from(text.padEnd(16, ".")).toString("hex"));
}

/** [N, H, W, C] to the kernels' [H, W, N, C]. */
export function toSlabs({ data, shape }: PlainValues): PlainValues {
  const [n, height, width, c] = shape as [number, number, number, number];
  return { data: exchangeAxes(data, n, height * width, c), shape: [height, width, n, c] };
}

/** The kernels' [H, W, N, C] to [N, H, W, C]. */
export function fromSlabs({ data, shape }: PlainValues): PlainValues {
  const [height, width, n, c] = shape as [number, number, number, number];
  return { data: exchangeAxes(data, height * width, n, c), shape: [n, height, width, c] };
}

/** [first, second, c] to [second, first, c] */
function exchangeAxes(data: Float32Array, first: number, second: number, c: number): Float32Array {
  return data.map((_, at) => {
    const [row, channel] = [Math.floor(at / c), at % c];
    return data[((row % first) * second + Math.floor(row / first)) * c + channel] as number;
  });
}

/**
 * Largest difference from the expected values, relative to their largest magnitude or to 1, the magnitude of the tests'
 * inputs: sums of positive and negative terms may be as near to zero as they like. NaN and other shapes are infinitely far.
 */
export function relativeDifference(actual: PlainValues, expected: PlainValues): number {
  if (actual.shape.join() !== expected.shape.join() || actual.data.length !== expected.data.length) return Infinity;
  const scale = expected.data.reduce((largest, value) => Math.max(largest, Math.abs(value)), 1);
  const difference = actual.data.reduce(
    (largest, value, at) => Math.max(largest, Math.abs(value - (expected.data[at] as number))),
    0,
  );
  return Number.isNaN(difference) ? Infinity : difference / scale;
}
