import { expect, test } from "vitest";
import { host, onKernelMemory } from "./kernel-run.ts";
import { normalValues, testRandom } from "./plain-values.ts";

/** Four operations on numbers of magnitude 1 to 10, three times: a few roundings of 6e-8. */
const TOLERANCE = 5e-6;
const GUARD = 4;
const RATE = 0.1;
const MOMENTUM = 0.9;
const DECAY = 0.05;

test.each([1, 2, 3, 4, 5, 7, 8, 10, 63, 64, 65])("three steps of %i parameters as in PyTorch", async (count) => {
  const random = testRandom(`step ${count}`);
  const gradients = [1, 2, 3].map(() => normalValues(random, [count]).data);
  const start = normalValues(random, [count + GUARD]).data;
  const [weights, momenta] = [Float64Array.from(start), new Float64Array(count)];
  for (const gradient of gradients) {
    for (let at = 0; at < count; at++) {
      const decayed = gradient[at]! + DECAY * weights[at]!;
      momenta[at] = MOMENTUM * momenta[at]! + decayed;
      weights[at]! -= RATE * (decayed + MOMENTUM * momenta[at]!);
    }
  }
  const [stepped, finalMomenta] = await onKernelMemory(
    (values, velocities, ...pointers) => {
      for (const gradient of pointers) {
        host.kernels.nesterovStep(values!, gradient, velocities!, count, RATE, MOMENTUM, DECAY);
      }
    },
    ...[start, new Float32Array(count + GUARD), ...gradients],
  );
  for (let at = 0; at < count; at++) {
    expect(Math.abs(stepped![at]! - weights[at]!)).toBeLessThan(TOLERANCE);
    expect(Math.abs(finalMomenta![at]! - momenta[at]!)).toBeLessThan(TOLERANCE);
  }
  // What lies behind the parameters is left alone.
  expect(stepped!.subarray(count)).toEqual(start.subarray(count));
  expect(finalMomenta!.subarray(count)).toEqual(new Float32Array(GUARD));
});
