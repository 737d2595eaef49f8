/*
 * Batch normalisation over rows x channels matrices (rows = H x W x N). Sixteen channels are summed at a time; eight channels
 * are treated as sixteen with half the rows and folded afterwards, so eight channels need an even number of rows. Statistics
 * have a stride of max(16, channels) floats: [mean | reciprocal standard deviation | variance].
 */

// @ts-expect-error: AssemblyScript decorator
@inline
const BLOCK_ROWS: i32 = 64;

/** Kind of column sum: values, squared deviations from the mean, or gradient x deviation. */
// @ts-expect-error: AssemblyScript decorator
@inline
const VALUES = 0, SQUARES = 1, PRODUCTS = 2;

/** Column sums in blocks of 64 rows, which keeps rounding errors small and their order fixed. */
// @ts-expect-error: AssemblyScript decorator
@inline
function columnSums(x: usize, g: usize, mean: usize, out: usize, rows: i32, channels: i32, kind: i32): void {
  const rowBytes = <usize>channels << 2;
  for (let channel: usize = 0; channel < rowBytes; channel += 64) {
    let t0 = f32x4.splat(0), t1 = t0, t2 = t0, t3 = t0;
    let m0 = t0, m1 = t0, m2 = t0, m3 = t0;
    if (kind != VALUES) {
      m0 = v128.load(mean + channel); m1 = v128.load(mean + channel, 16);
      m2 = v128.load(mean + channel, 32); m3 = v128.load(mean + channel, 48);
    }
    let at = x + channel, gradient = g + channel;
    let row = 0;
    while (row < rows) {
      const blockEnd = min(rows, row + BLOCK_ROWS);
      let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
      for (; row < blockEnd; row++) {
        let v0 = v128.load(at), v1 = v128.load(at, 16), v2 = v128.load(at, 32), v3 = v128.load(at, 48);
        if (kind != VALUES) {
          v0 = f32x4.sub(v0, m0); v1 = f32x4.sub(v1, m1); v2 = f32x4.sub(v2, m2); v3 = f32x4.sub(v3, m3);
        }
        if (kind == SQUARES) {
          v0 = f32x4.mul(v0, v0); v1 = f32x4.mul(v1, v1); v2 = f32x4.mul(v2, v2); v3 = f32x4.mul(v3, v3);
        }
        if (kind == PRODUCTS) {
          v0 = f32x4.mul(v0, v128.load(gradient)); v1 = f32x4.mul(v1, v128.load(gradient, 16));
          v2 = f32x4.mul(v2, v128.load(gradient, 32)); v3 = f32x4.mul(v3, v128.load(gradient, 48));
        }
        s0 = f32x4.add(s0, v0); s1 = f32x4.add(s1, v1); s2 = f32x4.add(s2, v2); s3 = f32x4.add(s3, v3);
        at += rowBytes; gradient += rowBytes;
      }
      t0 = f32x4.add(t0, s0); t1 = f32x4.add(t1, s1); t2 = f32x4.add(t2, s2); t3 = f32x4.add(t3, s3);
    }
    v128.store(out + channel, t0); v128.store(out + channel, t1, 16);
    v128.store(out + channel, t2, 32); v128.store(out + channel, t3, 48);
  }
}

/** Adds the two halves of a 16-wide sum over 8 channels and writes the result to both. */
// @ts-expect-error: AssemblyScript decorator
@inline
function foldEight(at: usize): void {
  const low = f32x4.add(v128.load(at), v128.load(at, 32)), high = f32x4.add(v128.load(at, 16), v128.load(at, 48));
  v128.store(at, low); v128.store(at, high, 16); v128.store(at, low, 32); v128.store(at, high, 48);
}

/** Statistics of x[rows, channels] into statistics[3, max(16, channels)]. */
export function batchStatistics(x: usize, statistics: usize, rows: i32, channels: i32, epsilon: f32): void {
  const isFolded = channels == 8;
  const wideRows = isFolded ? rows >> 1 : rows, wide = isFolded ? 16 : channels;
  const deviations = statistics + (<usize>wide << 2), variances = deviations + (<usize>wide << 2);
  columnSums(x, x, statistics, statistics, wideRows, wide, VALUES);
  if (isFolded) foldEight(statistics);
  for (let c: usize = 0; c < <usize>wide << 2; c += 4) store<f32>(statistics + c, load<f32>(statistics + c) / <f32>rows);
  columnSums(x, x, statistics, variances, wideRows, wide, SQUARES);
  if (isFolded) foldEight(variances);
  for (let c: usize = 0; c < <usize>wide << 2; c += 4) {
    const variance = load<f32>(variances + c) / <f32>rows;
    store<f32>(variances + c, variance);
    store<f32>(deviations + c, <f32>1 / sqrt<f32>(variance + epsilon));
  }
}

/** [scale | shift] of max(16, channels) floats each: normalised is x scale + shift, scale = deviation x gamma. */
export function scaleAndShift(statistics: usize, gamma: usize, beta: usize, out: usize, channels: i32): void {
  const wide = channels == 8 ? 16 : channels;
  const rowBytes = <usize>wide << 2;
  for (let c = 0; c < wide; c++) {
    const at = <usize>c << 2, own = <usize>(c % channels) << 2;
    const scale = load<f32>(statistics + rowBytes + at) * load<f32>(gamma + own);
    store<f32>(out + at, scale);
    store<f32>(out + rowBytes + at, load<f32>(beta + own) - load<f32>(statistics + at) * scale);
  }
}

/** y = (x - mean) x deviation x gamma + beta. Scratch: 2 x max(16, channels) floats. */
export function normalize(
  x: usize, y: usize, statistics: usize, gamma: usize, beta: usize, scratch: usize, rows: i32, channels: i32,
): void {
  const isFolded = channels == 8;
  const wideRows = isFolded ? rows >> 1 : rows, wide = isFolded ? 16 : channels;
  const rowBytes = <usize>wide << 2;
  scaleAndShift(statistics, gamma, beta, scratch, channels);
  for (let channel: usize = 0; channel < rowBytes; channel += 64) {
    const scale = scratch + channel, shift = scratch + rowBytes + channel;
    const s0 = v128.load(scale), s1 = v128.load(scale, 16), s2 = v128.load(scale, 32), s3 = v128.load(scale, 48);
    const b0 = v128.load(shift), b1 = v128.load(shift, 16), b2 = v128.load(shift, 32), b3 = v128.load(shift, 48);
    let from = x + channel, to = y + channel;
    for (let row = 0; row < wideRows; row++) {
      v128.store(to, f32x4.add(f32x4.mul(v128.load(from), s0), b0));
      v128.store(to, f32x4.add(f32x4.mul(v128.load(from, 16), s1), b1), 16);
      v128.store(to, f32x4.add(f32x4.mul(v128.load(from, 32), s2), b2), 32);
      v128.store(to, f32x4.add(f32x4.mul(v128.load(from, 48), s3), b3), 48);
      from += rowBytes; to += rowBytes;
    }
  }
}

/**
 * Gradients of {@link normalize} with batch statistics: dgamma, dbeta[channels] and
 * dx = scale x (dy - mean(dy) - normalized x x mean(dy x normalized x)). dx may be dy. Scratch: 5 x max(16, channels) floats.
 */
export function normalizeGradient(
  x: usize, dy: usize, dx: usize, statistics: usize, gamma: usize, dgamma: usize, dbeta: usize, scratch: usize,
  rows: i32, channels: i32,
): void {
  const isFolded = channels == 8;
  const wideRows = isFolded ? rows >> 1 : rows, wide = isFolded ? 16 : channels;
  const rowBytes = <usize>wide << 2;
  const products = scratch + rowBytes, scales = products + rowBytes, slopes = scales + rowBytes, shifts = slopes + rowBytes;
  columnSums(dy, dy, statistics, scratch, wideRows, wide, VALUES);
  columnSums(x, dy, statistics, products, wideRows, wide, PRODUCTS);
  if (isFolded) { foldEight(scratch); foldEight(products); }
  for (let c = 0; c < wide; c++) {
    const at = <usize>c << 2;
    const deviation = load<f32>(statistics + rowBytes + at);
    const betaGradient = load<f32>(scratch + at), gammaGradient = load<f32>(products + at) * deviation;
    if (c < channels) { store<f32>(dgamma + at, gammaGradient); store<f32>(dbeta + at, betaGradient); }
    const scale = deviation * load<f32>(gamma + (<usize>(c % channels) << 2));
    const slope = -scale * deviation * gammaGradient / <f32>rows;
    store<f32>(scales + at, scale);
    store<f32>(slopes + at, slope);
    store<f32>(shifts + at, -scale * betaGradient / <f32>rows - slope * load<f32>(statistics + at));
  }
  for (let channel: usize = 0; channel < rowBytes; channel += 32) {
    const s0 = v128.load(scales + channel), s1 = v128.load(scales + channel, 16);
    const k0 = v128.load(slopes + channel), k1 = v128.load(slopes + channel, 16);
    const z0 = v128.load(shifts + channel), z1 = v128.load(shifts + channel, 16);
    let from = x + channel, gradient = dy + channel, to = dx + channel;
    for (let row = 0; row < wideRows; row++) {
      const low = f32x4.add(f32x4.mul(s0, v128.load(gradient)), f32x4.mul(k0, v128.load(from)));
      const high = f32x4.add(f32x4.mul(s1, v128.load(gradient, 16)), f32x4.mul(k1, v128.load(from, 16)));
      v128.store(to, f32x4.add(low, z0)); v128.store(to, f32x4.add(high, z1), 16);
      from += rowBytes; gradient += rowBytes; to += rowBytes;
    }
  }
}
