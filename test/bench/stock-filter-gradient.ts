import type { Tensor, Tensor4D } from "@tensorflow/tfjs";
import type { Tf } from "../../core/training/backend.ts";

/**
 * The one kernel that stock training lacks on the wasm backend, out of stock operations: the filter's gradient is the
 * convolution of the images with the output's gradient, images and channels exchanged, the stride as dilation.
 */
export function registerFilterGradient(tf: Tf): void {
  tf.registerKernel({
    kernelName: "Conv2DBackpropFilter",
    backendName: "wasm",
    kernelFunc: ({ inputs, attrs }) => {
      const { x, dy } = inputs as unknown as { x: Tensor; dy: Tensor };
      const { strides, pad, filterShape } = attrs as unknown as {
        strides: number | [number, number];
        pad: "same" | "valid";
        filterShape: [number, number, number, number];
      };
      const [size] = filterShape;
      return tf.tidy(() => {
        const padding = pad === "same" ? (size - 1) >> 1 : 0;
        const images = tf.transpose(x, [3, 1, 2, 0]) as Tensor4D;
        const filter = tf.transpose(dy, [1, 2, 0, 3]) as Tensor4D;
        const all = tf.conv2d(images, filter, 1, padding, "NHWC", [strides].flat()[0] as number);
        return tf.transpose(tf.slice(all, [0, 0, 0, 0], [-1, size, size, -1]), [1, 2, 0, 3]);
      });
    },
  });
}
