/* The network's end: a linear layer, softmax and cross-entropy, forward and backward in one pass. */

/** e to the power x by range reduction and a polynomial: the same bits everywhere. */
// @ts-expect-error: AssemblyScript decorator
@inline
function exponential(value: f32): f32 {
  if (value < -87) return 0;
  const x = min<f32>(value, 88);
  const k = nearest<f32>(x * <f32>1.4426950408889634);
  const r: f64 = <f64>x - <f64>k * 0.6931471805599453;
  const e: f64 = 1 + r * (1 + r * (0.5 + r * (1.0 / 6 + r * (1.0 / 24 + r * (1.0 / 120 + r * (1.0 / 720))))));
  return <f32>(e * reinterpret<f64>((<i64>k + 1023) << 52));
}

/** Natural logarithm of a positive, normal number; infinity and NaN stay what they are, or divergence would look finite. */
// @ts-expect-error: AssemblyScript decorator
@inline
function logarithm(x: f32): f32 {
  if (!(x < Infinity)) return x;
  const bits = reinterpret<i64>(<f64>x);
  let exponent = (bits >> 52) - 1023;
  let mantissa = reinterpret<f64>((bits & 0xfffffffffffff) | 0x3ff0000000000000);
  if (mantissa > 1.4142135623730951) { mantissa *= 0.5; exponent += 1; }
  const f = (mantissa - 1) / (mantissa + 1), f2 = f * f;
  const series = 1 + f2 * (1.0 / 3 + f2 * (0.2 + f2 * (1.0 / 7 + f2 * (1.0 / 9 + f2 / 11))));
  return <f32>(<f64>exponent * 0.6931471805599453 + 2 * f * series);
}

/** logits[Q] of one image's features[D] with weights[D, Q] and bias[Q]. */
// @ts-expect-error: AssemblyScript decorator
@inline
function linear(features: usize, weights: usize, bias: usize, logits: usize, inputs: i32, classes: i32): void {
  for (let q = 0; q < classes; q++) store<f32>(logits + (<usize>q << 2), load<f32>(bias + (<usize>q << 2)));
  for (let d = 0; d < inputs; d++) {
    const value = load<f32>(features + (<usize>d << 2));
    const row = weights + (<usize>(d * classes) << 2);
    for (let q: usize = 0; q < <usize>classes << 2; q += 4) {
      store<f32>(logits + q, load<f32>(logits + q) + value * load<f32>(row + q));
    }
  }
}

/** Turns logits[Q] into probabilities; returns the loss of the label. Sets `correct` if the first largest logit is it. */
// @ts-expect-error: AssemblyScript decorator
@inline
function softmaxLoss(logits: usize, classes: i32, label: i32, correct: usize): f32 {
  let largest = load<f32>(logits);
  let predicted = 0;
  for (let q = 1; q < classes; q++) {
    const value = load<f32>(logits + (<usize>q << 2));
    if (value > largest) { largest = value; predicted = q; }
  }
  if (predicted == label) store<i32>(correct, load<i32>(correct) + 1);
  const own = load<f32>(logits + (<usize>label << 2)) - largest;
  let sum: f32 = 0;
  for (let q: usize = 0; q < <usize>classes << 2; q += 4) {
    const e = exponential(load<f32>(logits + q) - largest);
    store<f32>(logits + q, e);
    sum += e;
  }
  const inverse = <f32>1 / sum;
  for (let q: usize = 0; q < <usize>classes << 2; q += 4) store<f32>(logits + q, load<f32>(logits + q) * inverse);
  return logarithm(sum) - own;
}

/**
 * Mean loss of features[N, D] with weights[D, Q], bias[Q] and labels int32[N]; the number of correct predictions is added to
 * `correct`. Scratch: Q floats.
 */
export function headLoss(
  features: usize, weights: usize, bias: usize, labels: usize, images: i32, inputs: i32, classes: i32,
  scratch: usize, correct: usize,
): f32 {
  let loss: f64 = 0;
  for (let n = 0; n < images; n++) {
    linear(features + (<usize>(n * inputs) << 2), weights, bias, scratch, inputs, classes);
    loss += <f64>softmaxLoss(scratch, classes, load<i32>(labels + (<usize>n << 2)), correct);
  }
  return <f32>(loss / <f64>images);
}

/** {@link headLoss} together with its gradients with respect to features, weights and bias. */
export function headLossAndGradients(
  features: usize, weights: usize, bias: usize, labels: usize, featureGradient: usize, weightGradient: usize,
  biasGradient: usize, images: i32, inputs: i32, classes: i32, scratch: usize, correct: usize,
): f32 {
  const rowBytes = <usize>classes << 2;
  memory.fill(weightGradient, 0, <usize>inputs * rowBytes);
  memory.fill(biasGradient, 0, rowBytes);
  let loss: f64 = 0;
  for (let n = 0; n < images; n++) {
    const own = features + (<usize>(n * inputs) << 2), gradient = featureGradient + (<usize>(n * inputs) << 2);
    const label = load<i32>(labels + (<usize>n << 2));
    linear(own, weights, bias, scratch, inputs, classes);
    loss += <f64>softmaxLoss(scratch, classes, label, correct);
    for (let q = 0; q < classes; q++) {
      const at = <usize>q << 2;
      const slope = (load<f32>(scratch + at) - (q == label ? <f32>1 : <f32>0)) / <f32>images;
      store<f32>(scratch + at, slope);
      store<f32>(biasGradient + at, load<f32>(biasGradient + at) + slope);
    }
    for (let d = 0; d < inputs; d++) {
      const row = weights + <usize>d * rowBytes, rowGradient = weightGradient + <usize>d * rowBytes;
      const value = load<f32>(own + (<usize>d << 2));
      let sum: f32 = 0;
      for (let q: usize = 0; q < rowBytes; q += 4) {
        const slope = load<f32>(scratch + q);
        sum += slope * load<f32>(row + q);
        store<f32>(rowGradient + q, load<f32>(rowGradient + q) + slope * value);
      }
      store<f32>(gradient + (<usize>d << 2), sum);
    }
  }
  return <f32>(loss / <f64>images);
}
