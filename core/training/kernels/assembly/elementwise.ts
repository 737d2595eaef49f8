/* Elementwise operations on n floats; n is a multiple of 4. */

/** y = max(0, x). A NaN stays one: a diverged network must not look healthy again. */
export function relu(x: usize, y: usize, n: i32): void {
  const zero = f32x4.splat(0);
  const end = x + ((<usize>n) << 2);
  while (x < end) {
    v128.store(y, f32x4.pmax(v128.load(x), zero));
    x += 16;
    y += 16;
  }
}

/** dx = dy where x > 0, else 0. dx may be dy; x may be the ReLU's output. */
export function reluGradient(x: usize, dy: usize, dx: usize, n: i32): void {
  const zero = f32x4.splat(0);
  const end = x + ((<usize>n) << 2);
  while (x < end) {
    v128.store(dx, v128.and(f32x4.gt(v128.load(x), zero), v128.load(dy)));
    x += 16;
    dy += 16;
    dx += 16;
  }
}

/** out = a + b. out may be a. */
export function addInto(a: usize, b: usize, out: usize, n: i32): void {
  const end = a + ((<usize>n) << 2);
  while (a < end) {
    v128.store(out, f32x4.add(v128.load(a), v128.load(b)));
    a += 16;
    b += 16;
    out += 16;
  }
}
