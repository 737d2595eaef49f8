import { elementary } from "nas-harness";

/** Hyperbolic tangent, from -1 to 1. The exponent is never positive, so nothing overflows. */
export function tanh(x: number): number {
  const decay = elementary.exp(-2 * Math.abs(x));
  return Math.sign(x) * ((1 - decay) / (1 + decay));
}

/** Logistic function 1 / (1 + e^-x), from 0 to 1. The exponent is never positive, so nothing overflows. */
export function sigmoid(x: number): number {
  const decay = elementary.exp(-Math.abs(x));
  return (x < 0 ? decay : 1) / (1 + decay);
}
