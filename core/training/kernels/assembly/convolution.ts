import { backwardTaps, forwardTaps } from "./taps";

/*
 * Convolutions in layout [H, W, N, C]: each pixel is one contiguous slab of N x C floats. Output channels are worked on eight
 * at a time (two vectors of four lanes), images four at a time: the 4 x 8 block stays in registers over all taps and input
 * channels. Sums run in a fixed order, so results are the same on every machine.
 */

/** One block of four images x eight output channels: `out = sum over taps and channels of input x weights`. */
// @ts-expect-error: AssemblyScript decorator
@inline
function accumulateFour(
  input: usize, weights: usize, out: usize, channelBytes: usize, outBytes: usize, taps: i32, scratch: usize,
  scale: usize, shift: usize, isNormalized: bool,
): void {
  let a0 = f32x4.splat(0), a1 = a0, b0 = a0, b1 = a0, c0 = a0, c1 = a0, d0 = a0, d1 = a0;
  for (let tap: i32 = 0; tap < taps; tap++) {
    let first = input + <usize>load<u32>(scratch + (<usize>tap << 3));
    let second = first + channelBytes, third = second + channelBytes, fourth = third + channelBytes;
    let weight = weights + <usize>load<u32>(scratch + (<usize>tap << 3), 4);
    const end = first + channelBytes;
    while (first < end) {
      let w0 = v128.load(weight), w1 = v128.load(weight, 16);
      let value = v128.load_splat<f32>(first);
      a0 = f32x4.add(a0, f32x4.mul(value, w0)); a1 = f32x4.add(a1, f32x4.mul(value, w1));
      value = v128.load_splat<f32>(second);
      b0 = f32x4.add(b0, f32x4.mul(value, w0)); b1 = f32x4.add(b1, f32x4.mul(value, w1));
      value = v128.load_splat<f32>(third);
      c0 = f32x4.add(c0, f32x4.mul(value, w0)); c1 = f32x4.add(c1, f32x4.mul(value, w1));
      value = v128.load_splat<f32>(fourth);
      d0 = f32x4.add(d0, f32x4.mul(value, w0)); d1 = f32x4.add(d1, f32x4.mul(value, w1));
      weight += outBytes;
      first += 4; second += 4; third += 4; fourth += 4;
    }
  }
  if (isNormalized) {
    const s0 = v128.load(scale), s1 = v128.load(scale, 16), t0 = v128.load(shift), t1 = v128.load(shift, 16);
    a0 = f32x4.add(f32x4.mul(a0, s0), t0); a1 = f32x4.add(f32x4.mul(a1, s1), t1);
    b0 = f32x4.add(f32x4.mul(b0, s0), t0); b1 = f32x4.add(f32x4.mul(b1, s1), t1);
    c0 = f32x4.add(f32x4.mul(c0, s0), t0); c1 = f32x4.add(f32x4.mul(c1, s1), t1);
    d0 = f32x4.add(f32x4.mul(d0, s0), t0); d1 = f32x4.add(f32x4.mul(d1, s1), t1);
  }
  v128.store(out, a0); v128.store(out, a1, 16);
  v128.store(out + outBytes, b0); v128.store(out + outBytes, b1, 16);
  v128.store(out + 2 * outBytes, c0); v128.store(out + 2 * outBytes, c1, 16);
  v128.store(out + 3 * outBytes, d0); v128.store(out + 3 * outBytes, d1, 16);
}

/** As {@link accumulateFour} for a single image: what is left where the batch is no multiple of four. */
// @ts-expect-error: AssemblyScript decorator
@inline
function accumulateOne(
  input: usize, weights: usize, out: usize, channelBytes: usize, outBytes: usize, taps: i32, scratch: usize,
  scale: usize, shift: usize, isNormalized: bool,
): void {
  let a0 = f32x4.splat(0), a1 = a0;
  for (let tap: i32 = 0; tap < taps; tap++) {
    let at = input + <usize>load<u32>(scratch + (<usize>tap << 3));
    let weight = weights + <usize>load<u32>(scratch + (<usize>tap << 3), 4);
    const end = at + channelBytes;
    while (at < end) {
      const value = v128.load_splat<f32>(at);
      a0 = f32x4.add(a0, f32x4.mul(value, v128.load(weight)));
      a1 = f32x4.add(a1, f32x4.mul(value, v128.load(weight, 16)));
      at += 4; weight += outBytes;
    }
  }
  if (isNormalized) {
    a0 = f32x4.add(f32x4.mul(a0, v128.load(scale)), v128.load(shift));
    a1 = f32x4.add(f32x4.mul(a1, v128.load(scale, 16)), v128.load(shift, 16));
  }
  v128.store(out, a0); v128.store(out, a1, 16);
}

/** All images and output channels of one output pixel. */
// @ts-expect-error: AssemblyScript decorator
@inline
function pixel(
  input: usize, weights: usize, out: usize, images: i32, channels: i32, outChannels: i32, taps: i32, scratch: usize,
  scale: usize, shift: usize, isNormalized: bool,
): void {
  const channelBytes = <usize>channels << 2, outBytes = <usize>outChannels << 2;
  for (let channel: usize = 0; channel < outBytes; channel += 32) {
    let image: i32 = 0;
    for (; image + 4 <= images; image += 4) {
      accumulateFour(
        input + <usize>image * channelBytes, weights + channel, out + <usize>image * outBytes + channel,
        channelBytes, outBytes, taps, scratch, scale + channel, shift + channel, isNormalized,
      );
    }
    for (; image < images; image++) {
      accumulateOne(
        input + <usize>image * channelBytes, weights + channel, out + <usize>image * outBytes + channel,
        channelBytes, outBytes, taps, scratch, scale + channel, shift + channel, isNormalized,
      );
    }
  }
}

// @ts-expect-error: AssemblyScript decorator
@inline
function convolvePixels(
  input: usize, weights: usize, out: usize, height: i32, width: i32, outHeight: i32, outWidth: i32, images: i32,
  channels: i32, outChannels: i32, size: i32, stride: i32, padding: i32, scratch: usize,
  scale: usize, shift: usize, isNormalized: bool,
): void {
  const slab = images * outChannels * 4;
  for (let row = 0; row < outHeight; row++) for (let column = 0; column < outWidth; column++) {
    const taps = forwardTaps(
      scratch, row, column, height, width, size, stride, padding, images * channels * 4, channels * outChannels * 4,
    );
    pixel(
      input, weights, out + <usize>((row * outWidth + column) * slab), images, channels, outChannels, taps, scratch,
      scale, shift, isNormalized,
    );
  }
}

/**
 * out[Ho, Wo, N, K] = convolution of input[H, W, N, C] with weights[size, size, C, K]. K is a multiple of 8.
 * Scratch: 8 x size x size bytes.
 */
export function convolve(
  input: usize, weights: usize, out: usize, height: i32, width: i32, outHeight: i32, outWidth: i32, images: i32,
  channels: i32, outChannels: i32, size: i32, stride: i32, padding: i32, scratch: usize,
): void {
  convolvePixels(
    input, weights, out, height, width, outHeight, outWidth, images, channels, outChannels, size, stride, padding, scratch,
    0, 0, false,
  );
}

/** {@link convolve}, then x scale[K] + shift[K] on each output channel: batch normalisation with known statistics. */
export function convolveScaled(
  input: usize, weights: usize, out: usize, height: i32, width: i32, outHeight: i32, outWidth: i32, images: i32,
  channels: i32, outChannels: i32, size: i32, stride: i32, padding: i32, scratch: usize, scale: usize, shift: usize,
): void {
  convolvePixels(
    input, weights, out, height, width, outHeight, outWidth, images, channels, outChannels, size, stride, padding, scratch,
    scale, shift, true,
  );
}

/**
 * Gradient with respect to the input: inputGradient[H, W, N, C] from outGradient[Ho, Wo, N, K] and the transposed
 * weights[size, size, K, C]. C is a multiple of 8.
 */
export function convolveInputGradient(
  outGradient: usize, transposed: usize, inputGradient: usize, height: i32, width: i32, outHeight: i32, outWidth: i32,
  images: i32, channels: i32, outChannels: i32, size: i32, stride: i32, padding: i32, scratch: usize,
): void {
  const slab = images * channels * 4;
  for (let row = 0; row < height; row++) for (let column = 0; column < width; column++) {
    const taps = backwardTaps(
      scratch, row, column, outHeight, outWidth, size, stride, padding, images * outChannels * 4, channels * outChannels * 4,
    );
    pixel(
      outGradient, transposed, inputGradient + <usize>((row * width + column) * slab),
      images, outChannels, channels, taps, scratch, 0, 0, false,
    );
  }
}

/** Gradient with respect to the weights[size, size, C, K], which is zeroed first. K is a multiple of 8. */
export function convolveWeightGradient(
  input: usize, outGradient: usize, weightGradient: usize, height: i32, width: i32, outHeight: i32, outWidth: i32,
  images: i32, channels: i32, outChannels: i32, size: i32, stride: i32, padding: i32, scratch: usize,
): void {
  const channelBytes = <usize>channels << 2, outBytes = <usize>outChannels << 2;
  const weightBytes = channels * outChannels * 4;
  memory.fill(weightGradient, 0, <usize>(size * size * weightBytes));
  for (let row = 0; row < outHeight; row++) for (let column = 0; column < outWidth; column++) {
    const taps = forwardTaps(
      scratch, row, column, height, width, size, stride, padding, images * channels * 4, weightBytes,
    );
    const gradient = outGradient + <usize>((row * outWidth + column) * images) * outBytes;
    const gradientEnd = gradient + <usize>images * outBytes;
    for (let tap: i32 = 0; tap < taps; tap++) {
      const slab = input + <usize>load<u32>(scratch + (<usize>tap << 3));
      const weight = weightGradient + <usize>load<u32>(scratch + (<usize>tap << 3), 4);
      for (let out: usize = 0; out < outBytes; out += 32) {
        let channel: usize = 0;
        for (; channel + 16 <= channelBytes; channel += 16) {
          const at = weight + (channel >> 2) * outBytes + out;
          let a0 = v128.load(at), a1 = v128.load(at, 16);
          let b0 = v128.load(at + outBytes), b1 = v128.load(at + outBytes, 16);
          let c0 = v128.load(at + 2 * outBytes), c1 = v128.load(at + 2 * outBytes, 16);
          let d0 = v128.load(at + 3 * outBytes), d1 = v128.load(at + 3 * outBytes, 16);
          let value = slab + channel;
          for (let dy = gradient + out; dy < gradientEnd; dy += outBytes) {
            const g0 = v128.load(dy), g1 = v128.load(dy, 16);
            let x = v128.load_splat<f32>(value);
            a0 = f32x4.add(a0, f32x4.mul(x, g0)); a1 = f32x4.add(a1, f32x4.mul(x, g1));
            x = v128.load_splat<f32>(value, 4);
            b0 = f32x4.add(b0, f32x4.mul(x, g0)); b1 = f32x4.add(b1, f32x4.mul(x, g1));
            x = v128.load_splat<f32>(value, 8);
            c0 = f32x4.add(c0, f32x4.mul(x, g0)); c1 = f32x4.add(c1, f32x4.mul(x, g1));
            x = v128.load_splat<f32>(value, 12);
            d0 = f32x4.add(d0, f32x4.mul(x, g0)); d1 = f32x4.add(d1, f32x4.mul(x, g1));
            value += channelBytes;
          }
          v128.store(at, a0); v128.store(at, a1, 16);
          v128.store(at + outBytes, b0); v128.store(at + outBytes, b1, 16);
          v128.store(at + 2 * outBytes, c0); v128.store(at + 2 * outBytes, c1, 16);
          v128.store(at + 3 * outBytes, d0); v128.store(at + 3 * outBytes, d1, 16);
        }
        for (; channel < channelBytes; channel += 4) {
          const at = weight + (channel >> 2) * outBytes + out;
          let a0 = v128.load(at), a1 = v128.load(at, 16);
          let value = slab + channel;
          for (let dy = gradient + out; dy < gradientEnd; dy += outBytes) {
            const x = v128.load_splat<f32>(value);
            a0 = f32x4.add(a0, f32x4.mul(x, v128.load(dy)));
            a1 = f32x4.add(a1, f32x4.mul(x, v128.load(dy, 16)));
            value += channelBytes;
          }
          v128.store(at, a0); v128.store(at, a1, 16);
        }
      }
    }
  }
}

/** weights[size x size, C, K] -> transposed[size x size, K, C]. */
export function transposeWeights(weights: usize, transposed: usize, taps: i32, channels: i32, outChannels: i32): void {
  for (let tap = 0; tap < taps; tap++) for (let c = 0; c < channels; c++) for (let k = 0; k < outChannels; k++) {
    const from = weights + (<usize>((tap * channels + c) * outChannels + k) << 2);
    store<f32>(transposed + (<usize>((tap * outChannels + k) * channels + c) << 2), load<f32>(from));
  }
}
