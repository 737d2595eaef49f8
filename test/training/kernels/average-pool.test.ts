import type { Tensor, Tensor4D } from "@tensorflow/tfjs";
import { expect, test } from "vitest";
import type { Window } from "../../../core/training/operations.ts";
import { gradientsOnCpu, runKernel, tf } from "./kernel-run.ts";
import { fromSlabs, normalValues, relativeDifference, testRandom, toSlabs } from "./plain-values.ts";

/** Sums of nine values in another order, and a factor that is a rounded reciprocal: a few roundings of 6e-8. */
const TOLERANCE = 1e-6;

const CELL: Window = { size: 3, stride: 1, padding: 1 };
const HALVE: Window = { size: 2, stride: 2, padding: 0 };

/** Sum over each window, by a depthwise convolution with ones, divided by how many pixels it has inside the image. */
function stock({ size, stride, padding }: Window) {
  return (x: Tensor): Tensor => {
    const channels = x.shape[3] as number;
    const border = [padding, padding] as [number, number];
    const sums = (values: Tensor) =>
      tf.depthwiseConv2d(
        tf.pad(values as Tensor4D, [[0, 0], border, border, [0, 0]]),
        tf.ones([size, size, channels, 1]),
        stride,
        "valid",
      );
    return tf.div(sums(x), sums(tf.onesLike(x)));
  };
}

test.each(
  [CELL, HALVE, { size: 3, stride: 2, padding: 1 }].flatMap((window) =>
    [
      [4, 4, 3],
      [5, 7, 5],
      [8, 8, 17],
      [7, 4, 1],
      [2, 2, 5],
    ].map(([height, width, batch]) => ({ ...window, height: height!, width: width!, batch: batch! })),
  ),
)("size $size, stride $stride, padding $padding on $height x $width pixels, $batch images", async (each) => {
  const { size, stride, padding, height, width, batch } = each;
  const random = testRandom(`${size},${stride},${height},${width}`);
  const outLength = (length: number) => Math.floor((length + 2 * padding - size) / stride) + 1;
  const x = normalValues(random, [batch, height, width, 8]);
  const dy = normalValues(random, [batch, outLength(height), outLength(width), 8]);
  const { output, gradients } = await gradientsOnCpu(stock(each), [x], dy);
  const [y] = await runKernel("NasAveragePool", { x: toSlabs(x) }, { size, stride, padding });
  expect(relativeDifference(fromSlabs(y!), output)).toBeLessThan(TOLERANCE);
  const [dx] = await runKernel("NasAveragePoolGradient", { dy: toSlabs(dy) }, { size, stride, padding, height, width });
  expect(relativeDifference(fromSlabs(dx!), gradients[0]!)).toBeLessThan(TOLERANCE);
});

test("pixels outside of the image do not count: a constant image stays constant", async () => {
  const x = { data: new Float32Array(5 * 5 * 8).fill(3), shape: [5, 5, 1, 8] };
  const [y] = await runKernel("NasAveragePool", { x }, { ...CELL });
  expect(relativeDifference(y!, x)).toBeLessThan(TOLERANCE);
});
