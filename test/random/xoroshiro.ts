/**
 * xoroshiro128+ 1.0 (Blackman and Vigna, 2018; rotations 24, 16, 37) on 64-bit integers, the low 32 bits of each output as
 * an unsigned integer: what the harness's 32-bit arithmetic is compared with.
 */
export function* referenceWords(seed: string): Generator<number> {
  const mask = (1n << 64n) - 1n;
  const rotate = (word: bigint, by: bigint) => ((word << by) | (word >> (64n - by))) & mask;
  let first = BigInt(`0x${seed.slice(0, 16)}`);
  let second = BigInt(`0x${seed.slice(16, 32)}`);
  for (;;) {
    yield Number((first + second) & 0xffff_ffffn);
    second ^= first;
    first = rotate(first, 24n) ^ second ^ ((second << 16n) & mask);
    second = rotate(second, 37n);
  }
}
