/* Weighted sums of values of one shape, n floats. */

/** Floats that are added up in single precision before the sum goes on in double precision. */
const BLOCK: i32 = 1024;

/** y = weight x x. y may be x. */
export function scaleInto(x: usize, y: usize, n: i32, weight: f32): void {
  const factor = f32x4.splat(weight);
  const end = x + ((<usize>n) << 2),
    vectorEnd = x + ((<usize>(n & ~3)) << 2);
  while (x < vectorEnd) {
    v128.store(y, f32x4.mul(factor, v128.load(x)));
    x += 16;
    y += 16;
  }
  while (x < end) {
    store<f32>(y, weight * load<f32>(x));
    x += 4;
    y += 4;
  }
}

/** y += weight x x; n is a multiple of 4. */
export function addScaled(x: usize, y: usize, n: i32, weight: f32): void {
  const factor = f32x4.splat(weight);
  const end = x + ((<usize>n) << 2);
  while (x < end) {
    v128.store(y, f32x4.add(v128.load(y), f32x4.mul(factor, v128.load(x))));
    x += 16;
    y += 16;
  }
}

/** The four lanes, always in this order. */
function lanes(sum: v128): f64 {
  const low = <f64>f32x4.extract_lane(sum, 0) + <f64>f32x4.extract_lane(sum, 1);
  return low + (<f64>f32x4.extract_lane(sum, 2) + <f64>f32x4.extract_lane(sum, 3));
}

/** Sum of a x b. */
export function dot(a: usize, b: usize, n: i32): f64 {
  let total: f64 = 0;
  const whole = n & ~3;
  for (let from: i32 = 0; from < whole; from += BLOCK) {
    const end = a + ((<usize>min(BLOCK, whole - from)) << 2);
    let sum = f32x4.splat(0);
    while (a < end) {
      sum = f32x4.add(sum, f32x4.mul(v128.load(a), v128.load(b)));
      a += 16;
      b += 16;
    }
    total += lanes(sum);
  }
  for (let rest: i32 = whole; rest < n; rest++) {
    total += <f64>(load<f32>(a) * load<f32>(b));
    a += 4;
    b += 4;
  }
  return total;
}

/** Sum of a; n is a multiple of 4. */
export function total(a: usize, n: i32): f64 {
  let result: f64 = 0;
  for (let from: i32 = 0; from < n; from += BLOCK) {
    const end = a + ((<usize>min(BLOCK, n - from)) << 2);
    let sum = f32x4.splat(0);
    while (a < end) {
      sum = f32x4.add(sum, v128.load(a));
      a += 16;
    }
    result += lanes(sum);
  }
  return result;
}
