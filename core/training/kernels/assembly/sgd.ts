/**
 * A step of SGD with weight decay and Nesterov momentum, in place (PyTorch's form): g += decay x w; m = momentum x m + g;
 * w -= rate x (g + momentum x m).
 */
export function nesterovStep(
  weights: usize,
  gradient: usize,
  momenta: usize,
  n: i32,
  rate: f32,
  momentum: f32,
  decay: f32,
): void {
  const rates = f32x4.splat(rate),
    factor = f32x4.splat(momentum),
    decays = f32x4.splat(decay);
  const end = weights + ((<usize>n) << 2),
    vectorEnd = weights + ((<usize>(n & ~3)) << 2);
  while (weights < vectorEnd) {
    const w = v128.load(weights);
    const g = f32x4.add(v128.load(gradient), f32x4.mul(decays, w));
    const m = f32x4.add(f32x4.mul(factor, v128.load(momenta)), g);
    v128.store(momenta, m);
    v128.store(weights, f32x4.sub(w, f32x4.mul(rates, f32x4.add(g, f32x4.mul(factor, m)))));
    weights += 16;
    gradient += 16;
    momenta += 16;
  }
  while (weights < end) {
    const w = load<f32>(weights);
    const g = load<f32>(gradient) + decay * w;
    const m = momentum * load<f32>(momenta) + g;
    store<f32>(momenta, m);
    store<f32>(weights, w - rate * (g + momentum * m));
    weights += 4;
    gradient += 4;
    momenta += 4;
  }
}
