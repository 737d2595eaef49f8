import { elementary } from "../../random/elementary.ts";

/**
 * Softmax of each group of `width` values, one group after another.
 * @param logits shape [groups x width]
 * @returns shape [groups x width]; each group sums to 1
 */
export function softmax(logits: ArrayLike<number>, width: number): Float64Array {
  const result = new Float64Array(logits.length);
  for (let start = 0; start < logits.length; start += width) {
    let largest = Number.NEGATIVE_INFINITY;
    for (let at = start; at < start + width; at++) largest = Math.max(largest, logits[at] as number);
    let total = 0;
    for (let at = start; at < start + width; at++) {
      const weight = elementary.exp((logits[at] as number) - largest);
      result[at] = weight;
      total += weight;
    }
    for (let at = start; at < start + width; at++) (result[at] as number) /= total;
  }
  return result;
}

/**
 * The gradient by the logits of a function whose gradient by the softmax's values is given.
 * @param values what {@link softmax} gave, shape [groups x width]
 * @param gradient by these values, same shape
 */
export function softmaxGradient(values: ArrayLike<number>, gradient: ArrayLike<number>, width: number): Float64Array {
  const result = new Float64Array(values.length);
  for (let start = 0; start < values.length; start += width) {
    let mean = 0;
    for (let at = start; at < start + width; at++) mean += (values[at] as number) * (gradient[at] as number);
    for (let at = start; at < start + width; at++) {
      result[at] = (values[at] as number) * ((gradient[at] as number) - mean);
    }
  }
  return result;
}

/** Position of the largest value of each group of `width`, the first of equals, shape [groups]. */
export function largestOfEach(values: ArrayLike<number>, width: number): number[] {
  const result: number[] = [];
  for (let start = 0; start < values.length; start += width) {
    let best = 0;
    for (let at = 1; at < width; at++) {
      if ((values[start + at] as number) > (values[start + best] as number)) best = at;
    }
    result.push(best);
  }
  return result;
}
