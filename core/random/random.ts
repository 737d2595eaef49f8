import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plusFromState } from "pure-rand/generator/xoroshiro128plus";
import type { JumpableRandomGenerator } from "pure-rand/types/JumpableRandomGenerator";

const TWO_POW_27 = 134_217_728;
const TWO_POW_53 = 9_007_199_254_740_992;

/** Where a generator stands, for a checkpoint. */
export interface RandomState {
  /** The generator's words. */
  readonly words: readonly number[];
  /** The second of a pair of normal numbers that was not drawn yet. */
  readonly spareNormal: number | null;
}

/**
 * A run's random generator: xoroshiro128+ (pure-rand), seeded by 32 hexadecimal digits or more.
 * All draws are equal on every machine: only integer arithmetic, `Math.sqrt` and `Math.log` are used.
 */
export class Random {
  #generator: JumpableRandomGenerator;
  #spareNormal: number | null = null;

  /** @param seed a hexadecimal string; its first 32 digits (128 bits) become the state. */
  constructor(seed: string) {
    const state: number[] = [0, 8, 16, 24].map((at) => Number.parseInt(seed.slice(at, at + 8), 16) | 0);
    // xoroshiro's only forbidden state; a SHA-256 never hits it, a hand-written seed may.
    if (!state.some((word) => word !== 0)) state[0] = 1;
    this.#generator = xoroshiro128plusFromState(state);
  }

  /** Where a generator stands. */
  static save(random: Random): RandomState {
    return { words: [...random.#generator.getState()], spareNormal: random.#spareNormal };
  }

  /** Puts a generator where another one stood. */
  static restore(random: Random, { words, spareNormal }: RandomState): void {
    random.#generator = xoroshiro128plusFromState(words);
    random.#spareNormal = spareNormal;
  }

  /** A uniform integer from 0 to `count` - 1, without modulo bias. `count` is an integer from 1 to 2^31. */
  integer(count: number): number {
    return uniformInt(this.#generator, 0, count - 1);
  }

  /** A uniform number in [0, 1) with 53 random bits. */
  uniform(): number {
    const high = this.#generator.next() >>> 6;
    const low = this.#generator.next() >>> 5;
    return (high * TWO_POW_27 + low) / TWO_POW_53;
  }

  /** A standard normal number, by Marsaglia's polar method. */
  normal(): number {
    if (this.#spareNormal !== null) {
      const spare = this.#spareNormal;
      this.#spareNormal = null;
      return spare;
    }
    for (;;) {
      const x = 2 * this.uniform() - 1;
      const y = 2 * this.uniform() - 1;
      const square = x * x + y * y;
      if (square >= 1 || square === 0) continue;
      const scale = Math.sqrt((-2 * Math.log(square)) / square);
      this.#spareNormal = y * scale;
      return x * scale;
    }
  }

  /** A uniformly chosen element of a list that is not empty. */
  choice<T>(list: readonly T[]): T {
    if (list.length === 0) throw new RangeError("choice from an empty list");
    return list[this.integer(list.length)] as T;
  }

  /** A new list with the elements in uniformly random order (Fisher-Yates). */
  shuffle<T>(list: readonly T[]): T[] {
    const shuffled = [...list];
    for (let last = shuffled.length - 1; last > 0; last--) {
      const other = this.integer(last + 1);
      const kept = shuffled[last] as T;
      shuffled[last] = shuffled[other] as T;
      shuffled[other] = kept;
    }
    return shuffled;
  }
}

// Plugins hold instances: none may change what the next run's generator does.
Object.freeze(Random.prototype);
