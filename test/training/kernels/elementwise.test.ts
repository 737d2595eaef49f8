import { expect, test } from "vitest";
import { host, onKernelMemory, runKernel, runOnCpu, tf } from "./kernel-run.ts";
import { normalValues, testRandom } from "./plain-values.ts";

test("a sum is tfjs's sum, to the last bit", async () => {
  const random = testRandom("add");
  const [a, b] = [normalValues(random, [3, 5, 7, 8]), normalValues(random, [3, 5, 7, 8])];
  const expected = await runOnCpu((x, y) => tf.add(x!, y!), a, b);
  const [sum] = await runKernel("NasAdd", { a, b });
  expect(sum).toEqual(expected);
});

test("ReLU gives the larger of zero and a number", async () => {
  const x = normalValues(testRandom("relu"), [64]).data;
  const [, y] = await onKernelMemory((from, to) => host.kernels.relu(from!, to!, 64), x, new Float32Array(64));
  expect(y).toEqual(x.map((value) => Math.max(0, value)));
});

test("ReLU leaves a NaN a NaN: a diverged network must not look healthy again", async () => {
  const x = Float32Array.of(Number.NaN, -1, 2, Number.NaN, -Infinity, Infinity, 0, Number.NaN);
  const [, y] = await onKernelMemory((from, to) => host.kernels.relu(from!, to!, 8), x, new Float32Array(8));
  expect(y).toEqual(Float32Array.of(Number.NaN, 0, 2, Number.NaN, 0, Infinity, 0, Number.NaN));
});

test("a gradient passes ReLU where its input, or its output, is positive; in place too", async () => {
  const random = testRandom("relu gradient");
  const [x, dy] = [normalValues(random, [32]).data, normalValues(random, [32]).data];
  x[0] = 0;
  const expected = dy.map((value, at) => ((x[at] as number) > 0 ? value : 0));
  for (const input of [x, x.map((value) => Math.max(0, value))]) {
    const [, gradient] = await onKernelMemory((from, to) => host.kernels.reluGradient(from!, to!, to!, 32), input, dy);
    expect(gradient).toEqual(expected);
  }
});
