/*
 * Which input pixels an output pixel of a convolution or pooling window touches. A tap is a pair of byte offsets
 * (input slab, weight slab), 8 bytes in the scratch area. Taps beyond the border do not exist, so nothing is multiplied by
 * padding zeros.
 */

/** Taps of output pixel (row, column), reading forwards: input = output x stride + offset - padding. */
export function forwardTaps(
  scratch: usize,
  row: i32,
  column: i32,
  height: i32,
  width: i32,
  size: i32,
  stride: i32,
  padding: i32,
  slabBytes: i32,
  weightBytes: i32,
): i32 {
  let taps: i32 = 0;
  for (let i: i32 = 0; i < size; i++) {
    const y = row * stride + i - padding;
    if (y < 0 || y >= height) continue;
    for (let j: i32 = 0; j < size; j++) {
      const x = column * stride + j - padding;
      if (x < 0 || x >= width) continue;
      store<i32>(scratch + ((<usize>taps) << 3), (y * width + x) * slabBytes);
      store<i32>(scratch + ((<usize>taps) << 3), (i * size + j) * weightBytes, 4);
      taps++;
    }
  }
  return taps;
}

/** Taps of input pixel (row, column), reading backwards: which output pixels (height x width of them) it went into. */
export function backwardTaps(
  scratch: usize,
  row: i32,
  column: i32,
  height: i32,
  width: i32,
  size: i32,
  stride: i32,
  padding: i32,
  slabBytes: i32,
  weightBytes: i32,
): i32 {
  let taps: i32 = 0;
  for (let i: i32 = 0; i < size; i++) {
    const y = row + padding - i;
    if (y < 0 || y % stride != 0 || y / stride >= height) continue;
    for (let j: i32 = 0; j < size; j++) {
      const x = column + padding - j;
      if (x < 0 || x % stride != 0 || x / stride >= width) continue;
      store<i32>(scratch + ((<usize>taps) << 3), ((y / stride) * width + x / stride) * slabBytes);
      store<i32>(scratch + ((<usize>taps) << 3), (i * size + j) * weightBytes, 4);
      taps++;
    }
  }
  return taps;
}
