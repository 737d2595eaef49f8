import { mersenneFromState } from "pure-rand/generator/mersenne";
import { skipN } from "pure-rand/utils/skipN";
import { ARCHITECTURE_COUNT } from "./operations.ts";

/*
 * The official index is the position of an architecture after the authors enumerated the space (first edge slowest,
 * last edge fastest) and called Python's random.seed(88); random.shuffle(archs) (tss-collect.py, traverse_net).
 * Python seeds its Mersenne Twister by init_by_array (Matsumoto & Nishimura 2002, mt19937ar.c) and shuffles with
 * getrandbits and rejection (CPython, Lib/random.py).
 */

const STATE_SIZE = 624;
const SHUFFLE_SEED = 88;

/** The generator's state right after Python's `random.seed(seed)` for a seed below 2^32. */
function pythonSeedState(seed: number): number[] {
  const state = new Uint32Array(STATE_SIZE);
  state[0] = 19_650_218;
  const previous = (at: number) => (state[at - 1] as number) ^ ((state[at - 1] as number) >>> 30);
  for (let at = 1; at < STATE_SIZE; at++) state[at] = Math.imul(1_812_433_253, previous(at)) + at;
  let at = 1;
  const wrap = () => {
    if (at < STATE_SIZE) return;
    state[0] = state[STATE_SIZE - 1] as number;
    at = 1;
  };
  for (let step = 0; step < STATE_SIZE; step++) {
    state[at] = ((state[at] as number) ^ Math.imul(previous(at), 1_664_525)) + seed;
    at++;
    wrap();
  }
  for (let step = 0; step < STATE_SIZE - 1; step++) {
    state[at] = ((state[at] as number) ^ Math.imul(previous(at), 1_566_083_941)) - at;
    at++;
    wrap();
  }
  state[0] = 0x80000000;
  return Array.from(state, (word) => word | 0);
}

function computeOrder(): { indexOfCode: Uint16Array; codeOfIndex: Uint16Array } {
  const generator = mersenneFromState([0, ...pythonSeedState(SHUFFLE_SEED)]);
  // pure-rand twists each word after it was read, Python all of them before the first: one round apart.
  skipN(generator, STATE_SIZE);
  const codeOfIndex = Uint16Array.from({ length: ARCHITECTURE_COUNT }, (_, code) => code);
  for (let last = ARCHITECTURE_COUNT - 1; last > 0; last--) {
    const bits = 32 - Math.clz32(last + 1);
    let other: number;
    do {
      other = generator.next() >>> (32 - bits);
    } while (other > last);
    const kept = codeOfIndex[last] as number;
    codeOfIndex[last] = codeOfIndex[other] as number;
    codeOfIndex[other] = kept;
  }
  const indexOfCode = new Uint16Array(ARCHITECTURE_COUNT);
  codeOfIndex.forEach((code, index) => {
    indexOfCode[code] = index;
  });
  return { indexOfCode, codeOfIndex };
}

const order = computeOrder();

/** Enumeration position (operations as base-5 digits, first edge most significant) -> official index. */
export const INDEX_OF_CODE: Uint16Array = order.indexOfCode;

/** Official index -> enumeration position. */
export const CODE_OF_INDEX: Uint16Array = order.codeOfIndex;
