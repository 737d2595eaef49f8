import type { Value } from "./operations.ts";

type Backward = (gradient: Value) => void;

/**
 * A reverse-mode tape for kernels with hand-written gradients. tfjs's own tape costs 6 to 8 µs an operation, as much as a
 * small kernel; this one is a list.
 */
export class GradientTape {
  readonly #steps: { readonly output: Value; readonly backward: Backward }[] = [];
  readonly #gradients = new Map<Value, Value>();
  readonly #add: (a: Value, b: Value) => Value;

  /** @param add new values, the sum of two */
  constructor(add: (a: Value, b: Value) => Value) {
    this.#add = add;
  }

  /** Records how an output's gradient reaches its inputs. */
  record(output: Value, backward: Backward): void {
    this.#steps.push({ output, backward });
  }

  /** Adds to a value's gradient. */
  contribute(value: Value, gradient: Value): void {
    const before = this.#gradients.get(value);
    this.#gradients.set(value, before === undefined ? gradient : this.#add(before, gradient));
  }

  /** Goes back over everything that was recorded. */
  run(): void {
    for (const { output, backward } of this.#steps.reverse()) {
      const gradient = this.#gradients.get(output);
      if (gradient !== undefined) backward(gradient);
    }
  }

  /** A value's gradient, or undefined if nothing reached it. */
  gradientOf(value: Value): Value | undefined {
    return this.#gradients.get(value);
  }
}
