import { expect, test } from "vitest";
import { GradientTape } from "../../core/training/gradient-tape.ts";
import type { Value } from "../../core/training/operations.ts";

/** A value that holds one number. */
class Scalar implements Value {
  readonly shape: number[] = [];
  readonly size = 1;
  readonly number: number;

  constructor(number: number) {
    this.number = number;
  }
}

const numberOf = (value: Value | undefined) => (value as Scalar | undefined)?.number;

function makeTape(): { tape: GradientTape; multiply(a: Scalar, b: Scalar): Scalar } {
  const tape = new GradientTape((a, b) => new Scalar((a as Scalar).number + (b as Scalar).number));
  return {
    tape,
    multiply(a, b) {
      const product = new Scalar(a.number * b.number);
      tape.record(product, (gradient) => {
        tape.contribute(a, new Scalar((gradient as Scalar).number * b.number));
        tape.contribute(b, new Scalar((gradient as Scalar).number * a.number));
      });
      return product;
    },
  };
}

test("a chain of products has the gradients of the product rule", () => {
  const { tape, multiply } = makeTape();
  const [a, b, c] = [new Scalar(2), new Scalar(3), new Scalar(5)];
  const result = multiply(multiply(a, b), c);
  tape.contribute(result, new Scalar(1));
  tape.run();
  expect([a, b, c].map((value) => numberOf(tape.gradientOf(value)))).toEqual([15, 10, 6]);
});

test("a value that is used several times gets the sum of its gradients before it passes them on", () => {
  const { tape, multiply } = makeTape();
  const x = new Scalar(2);
  const square = multiply(x, x);
  const result = multiply(multiply(square, x), square);
  tape.contribute(result, new Scalar(1));
  tape.run();
  // x to the power five.
  expect(numberOf(tape.gradientOf(square))).toBe(2 * 4 * 2);
  expect(numberOf(tape.gradientOf(x))).toBe(5 * 16);
});

test("what the result doesn't depend on has no gradient, and is not run backwards", () => {
  const { tape, multiply } = makeTape();
  const [a, b] = [new Scalar(2), new Scalar(3)];
  const unused = multiply(a, b);
  const square = multiply(a, a);
  tape.contribute(square, new Scalar(1));
  tape.run();
  expect(tape.gradientOf(unused)).toBeUndefined();
  expect(tape.gradientOf(b)).toBeUndefined();
  expect(numberOf(tape.gradientOf(a))).toBe(4);
});

test("a gradient that several values share stays as it is when one of them gets another", () => {
  const { tape } = makeTape();
  const [a, b, shared] = [new Scalar(0), new Scalar(0), new Scalar(7)];
  tape.contribute(a, shared);
  tape.contribute(b, shared);
  tape.contribute(a, new Scalar(1));
  expect(numberOf(tape.gradientOf(a))).toBe(8);
  expect(numberOf(tape.gradientOf(b))).toBe(7);
});
