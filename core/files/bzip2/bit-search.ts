/** The 48 bits with which a block begins (the digits of pi), in two halves of 24. */
export const BLOCK_MAGIC: readonly [number, number] = [0x314159, 0x265359];
/** The 48 bits behind the last block of a stream (the digits of its square root). */
export const END_MAGIC: readonly [number, number] = [0x177245, 0x385090];

/** Up to 24 bits from a bit position on, most significant bit first. */
export function bitsAt(bytes: Uint8Array, bit: number, count: number): number {
  const at = Math.trunc(bit / 8);
  const four =
    (((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0)) >>>
    0;
  return ((four << (bit % 8)) >>> 0) >>> (32 - count);
}

/** True if these 48 bits begin there. */
export function isMagicAt(bytes: Uint8Array, bit: number, magic: readonly [number, number]): boolean {
  return bitsAt(bytes, bit, 24) === magic[0] && bitsAt(bytes, bit + 24, 24) === magic[1];
}

/**
 * By byte: at which of the eight shifts it is byte number `byte` of one of the two magics, a bit each; the lower eight bits for
 * blocks, the upper eight for the end.
 */
function shiftsOfBytes(byte: 1 | 2): Uint16Array {
  const shifts = new Uint16Array(256);
  for (const [kind, magic] of [BLOCK_MAGIC, END_MAGIC].entries()) {
    const bytes = Uint8Array.of(...magic.flatMap((half) => [half >> 16, (half >> 8) & 0xff, half & 0xff]));
    for (let shift = 0; shift < 8; shift++) {
      const value = bitsAt(bytes, 8 * byte - shift, 8);
      shifts[value] = (shifts[value] as number) | (1 << (8 * kind + shift));
    }
  }
  return shifts;
}

const SECOND_BYTE = shiftsOfBytes(1);
const THIRD_BYTE = shiftsOfBytes(2);

/**
 * The first bit from `from` on at which a block or the end of a stream begins, if all of its 48 bits are there; -1 if there is
 * none.
 */
export function findMagic(bytes: Uint8Array, from: number): number {
  for (let at = Math.trunc(from / 8); at + 6 <= bytes.length; at++) {
    let shifts = (SECOND_BYTE[bytes[at + 1] as number] as number) & (THIRD_BYTE[bytes[at + 2] as number] as number);
    for (; shifts !== 0; shifts &= shifts - 1) {
      const which = 31 - Math.clz32(shifts & -shifts);
      const bit = 8 * at + (which % 8);
      const isWhole = bit + 48 <= 8 * bytes.length;
      if (bit >= from && isWhole && isMagicAt(bytes, bit, which < 8 ? BLOCK_MAGIC : END_MAGIC)) return bit;
    }
  }
  return -1;
}
