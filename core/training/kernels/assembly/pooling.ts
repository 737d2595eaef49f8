import { backwardTaps, forwardTaps } from "./taps";

/** y += factor x x over a slab; the number of floats is a multiple of 8. */
// @ts-expect-error: AssemblyScript decorator
@inline
function addScaled(x: usize, y: usize, bytes: usize, factor: f32): void {
  const scale = f32x4.splat(factor);
  const end = y + bytes;
  while (y < end) {
    v128.store(y, f32x4.add(v128.load(y), f32x4.mul(scale, v128.load(x))));
    v128.store(y, f32x4.add(v128.load(y, 16), f32x4.mul(scale, v128.load(x, 16))), 16);
    x += 32; y += 32;
  }
}

/** Number of input pixels in the window of an output coordinate along one axis. */
// @ts-expect-error: AssemblyScript decorator
@inline
function windowLength(out: i32, length: i32, size: i32, stride: i32, padding: i32): i32 {
  const start = max(0, out * stride - padding), end = min(length, out * stride - padding + size);
  return end - start;
}

/** Average pooling that counts only pixels inside the image; a slab has N x C floats, a multiple of 8. */
export function averagePool(
  input: usize, out: usize, height: i32, width: i32, outHeight: i32, outWidth: i32, slabFloats: i32,
  size: i32, stride: i32, padding: i32, scratch: usize,
): void {
  const bytes = <usize>slabFloats << 2;
  for (let row = 0; row < outHeight; row++) for (let column = 0; column < outWidth; column++) {
    const taps = forwardTaps(scratch, row, column, height, width, size, stride, padding, <i32>bytes, 0);
    const to = out + <usize>(row * outWidth + column) * bytes;
    memory.fill(to, 0, bytes);
    for (let tap = 0; tap < taps; tap++) {
      addScaled(input + <usize>load<u32>(scratch + (<usize>tap << 3)), to, bytes, <f32>1 / <f32>taps);
    }
  }
}

/** Gradient of {@link averagePool}: each output pixel gives its gradient in equal parts to the pixels of its window. */
export function averagePoolGradient(
  outGradient: usize, inputGradient: usize, height: i32, width: i32, outHeight: i32, outWidth: i32, slabFloats: i32,
  size: i32, stride: i32, padding: i32, scratch: usize,
): void {
  const bytes = <usize>slabFloats << 2;
  for (let row = 0; row < height; row++) for (let column = 0; column < width; column++) {
    const taps = backwardTaps(scratch, row, column, outHeight, outWidth, size, stride, padding, <i32>bytes, 0);
    const to = inputGradient + <usize>(row * width + column) * bytes;
    memory.fill(to, 0, bytes);
    for (let tap = 0; tap < taps; tap++) {
      const offset = <usize>load<u32>(scratch + (<usize>tap << 3));
      const pixel = <i32>(offset / bytes);
      const count = windowLength(pixel / outWidth, height, size, stride, padding)
        * windowLength(pixel % outWidth, width, size, stride, padding);
      addScaled(outGradient + offset, to, bytes, <f32>1 / <f32>count);
    }
  }
}

/** Mean over all pixels: out[N x C] from input[pixels, N x C]. */
export function globalMean(input: usize, out: usize, pixels: i32, slabFloats: i32): void {
  const bytes = <usize>slabFloats << 2;
  const factor = f32x4.splat(<f32>1 / <f32>pixels);
  for (let at: usize = 0; at < bytes; at += 16) {
    let sum = v128.load(input + at);
    for (let pixel = 1; pixel < pixels; pixel++) sum = f32x4.add(sum, v128.load(input + <usize>pixel * bytes + at));
    v128.store(out + at, f32x4.mul(sum, factor));
  }
}

/** Gradient of {@link globalMean}. */
export function globalMeanGradient(outGradient: usize, inputGradient: usize, pixels: i32, slabFloats: i32): void {
  const bytes = <usize>slabFloats << 2;
  const factor = f32x4.splat(<f32>1 / <f32>pixels);
  for (let at: usize = 0; at < bytes; at += 16) {
    const part = f32x4.mul(v128.load(outGradient + at), factor);
    for (let pixel = 0; pixel < pixels; pixel++) v128.store(inputGradient + <usize>pixel * bytes + at, part);
  }
}
