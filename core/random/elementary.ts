import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

/**
 * Elementary functions in pure JavaScript (stdlib), the same to the last bit on every machine. V8's own `Math.exp`,
 * `Math.pow` and `**` differ between processors and Node versions; whatever may reach a record uses these.
 */
export const elementary: {
  /** Cosine of an angle in radians. */
  readonly cos: (x: number) => number;
  /** e to the power x. */
  readonly exp: (x: number) => number;
  /** base to the power exponent. */
  readonly pow: (base: number, exponent: number) => number;
} = Object.freeze({
  cos: require("@stdlib/math-base-special-cos"),
  exp: require("@stdlib/math-base-special-exp"),
  pow: require("@stdlib/math-base-special-pow"),
});
