import { expect, test } from "vitest";
import { host, onKernelMemory } from "./kernel-run.ts";
import { normalValues, testRandom } from "./plain-values.ts";

const f32 = Math.fround;

test.each([4, 32, 7])("%i floats are scaled, in place too, and not one more", async (n) => {
  const x = normalValues(testRandom("scale"), [n + 1]).data;
  const expected = x.map((value, at) => (at < n ? f32(f32(0.3) * value) : value));
  const [, y] = await onKernelMemory((from, to) => host.kernels.scaleInto(from!, to!, n, 0.3), x, x.slice());
  expect(y).toEqual(expected);
  const [same] = await onKernelMemory((at) => host.kernels.scaleInto(at!, at!, n, 0.3), x);
  expect(same).toEqual(expected);
});

test("scaled floats are added", async () => {
  const random = testRandom("add scaled");
  const [x, y] = [normalValues(random, [64]).data, normalValues(random, [64]).data];
  const [, sum] = await onKernelMemory((from, to) => host.kernels.addScaled(from!, to!, 64, -1.5), x, y);
  expect(sum).toEqual(y.map((value, at) => f32(value + f32(-1.5 * (x[at] as number)))));
});

test.each([3, 10, 1024, 4100, 65_536])("sums over %i floats are exact to single precision", async (n) => {
  const random = testRandom(`dot ${n}`);
  const [a, b] = [normalValues(random, [n]).data, normalValues(random, [n]).data];
  const sums: number[] = [];
  await onKernelMemory(
    (left, right) => {
      sums.push(host.kernels.dot(left!, right!, n));
      if (n % 4 === 0) sums.push(host.kernels.total(left!, n));
    },
    a,
    b,
  );
  const scale = Math.sqrt(n);
  expect(
    Math.abs((sums[0] as number) - a.reduce((sum, value, at) => sum + value * (b[at] as number), 0)) / scale,
  ).toBeLessThan(1e-5);
  if (sums.length > 1)
    expect(Math.abs((sums[1] as number) - a.reduce((sum, value) => sum + value, 0)) / scale).toBeLessThan(1e-5);
});
