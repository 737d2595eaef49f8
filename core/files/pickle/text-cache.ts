/** Slots, a power of two. The official files use about a thousand texts again and again. */
const SLOTS = 1 << 14;
/** Longer texts are not cached. */
const LONGEST = 32;

/**
 * Short ASCII texts by their bytes, so that a text that a file repeats a hundred million times is decoded once. A slot holds
 * the last text that fell into it; memory does not grow.
 */
export class TextCache {
  readonly #bytes = new Uint8Array(SLOTS * LONGEST);
  readonly #texts: (string | null)[] = new Array<string | null>(SLOTS).fill(null);

  /** The text in bytes `start` to `end`; null if it is long or not ASCII. */
  get(bytes: Uint8Array, start: number, end: number): string | null {
    const length = end - start;
    if (length > LONGEST) return null;
    let hash = length;
    let all = 0;
    for (let at = start; at < end; at++) {
      const byte = bytes[at] as number;
      hash = Math.imul(hash ^ byte, 0x01000193);
      all |= byte;
    }
    if (all > 0x7f) return null;
    const slot = (hash ^ (hash >>> 15)) & (SLOTS - 1);
    const cached = this.#texts[slot] as string | null;
    const kept = slot * LONGEST;
    if (cached !== null && cached.length === length) {
      let same = 0;
      while (same < length && this.#bytes[kept + same] === bytes[start + same]) same++;
      if (same === length) return cached;
    }
    const text = Buffer.from(bytes.buffer, bytes.byteOffset + start, length).toString("latin1");
    this.#texts[slot] = text;
    this.#bytes.set(bytes.subarray(start, end), kept);
    return text;
  }
}
