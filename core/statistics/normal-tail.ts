import { createRequire } from "node:module";

/** Complementary error function in pure JavaScript (stdlib, after FreeBSD's s_erf.c), the same bits on every machine. */
const erfc: (x: number) => number = createRequire(import.meta.url)("@stdlib/math-base-special-erfc");

/** Probability that a standard normal variable exceeds z, accurate far into the tail. */
export function normalUpperTail(z: number): number {
  return erfc(z / Math.sqrt(2)) / 2;
}
