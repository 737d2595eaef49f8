import { HarnessError } from "../../errors/harness-error.ts";
import { BLOCK_MAGIC, bitsAt, END_MAGIC, findMagic, isMagicAt } from "./bit-search.ts";

/** A block as a bzip2 file of its own. */
export interface Bzip2Block {
  readonly bytes: Uint8Array;
  /** Size of blocks in 100,000 bytes, 1 to 9: what the block holds before repeated bytes are expanded. */
  readonly level: number;
  /** Byte of the file at which it begins, for errors. */
  readonly position: number;
}

/** The error for a bzip2 file that can't be read. */
export function bzip2Fault(what: string, file: string, byte: number): HarnessError {
  return new HarnessError("NAS_BZIP", {
    what,
    where: `${file}, byte ${byte}`,
    allowed: "a whole bzip2 file",
    next: "fetch the file again; bzip2 -t tests it",
  });
}

const HEADER_BYTES = 4;
const MAGIC_BITS = 48;
const CHECKSUM_BITS = 32;
/** A compressed block is hardly longer than the 900,000 bytes that it holds at most. */
const LONGEST_BLOCK = 1 << 21;

/** Copies bits, from any position, to a position that is a multiple of 8; the last byte is filled with zeros. */
function copyBits(from: Uint8Array, start: number, bits: number, to: Uint8Array, at: number): void {
  const shift = start % 8;
  const first = Math.trunc(start / 8);
  const bytes = Math.ceil(bits / 8);
  if (shift === 0) to.set(from.subarray(first, first + bytes), at);
  else {
    for (let byte = 0; byte < bytes; byte++)
      to[at + byte] = ((from[first + byte] as number) << shift) | ((from[first + byte + 1] ?? 0) >> (8 - shift));
  }
  const rest = bits % 8;
  if (rest > 0) to[at + bytes - 1] = (to[at + bytes - 1] as number) & (0xff00 >> rest);
}

/** Adds up to 24 bits at a bit position of bytes that are zero from there on. */
function addBits(to: Uint8Array, bit: number, value: number, count: number): void {
  for (let at = 0; at < count; at++) {
    if ((value >> (count - 1 - at)) & 1) {
      const byte = Math.trunc((bit + at) / 8);
      to[byte] = (to[byte] as number) | (0x80 >> ((bit + at) % 8));
    }
  }
}

/** Splits bzip2 data that come in pieces, also several streams one behind the other, into their blocks. */
export class BlockSplitter {
  readonly #file: string;
  #bytes: Uint8Array = new Uint8Array(0);
  /** Bytes of the file before `#bytes`. */
  #before = 0;
  /** The next bit to be looked at; inside a block, the block's first. */
  #bit = 0;
  /** Bits of the block, or of the stream's header, that were searched already. */
  #searched = 0;
  #state: "header" | "magic" | "block" = "header";
  #level = 0;
  #checksum = 0;

  /** @param file for errors */
  constructor(file: string) {
    this.#file = file;
  }

  /** The blocks that are complete with these bytes. @throws NAS_BZIP */
  push(bytes: Uint8Array): Bzip2Block[] {
    const passed = Math.trunc(this.#bit / 8);
    this.#bytes = Buffer.concat([this.#bytes.subarray(passed), bytes]);
    this.#before += passed;
    this.#bit -= 8 * passed;
    const blocks: Bzip2Block[] = [];
    while (this.#step(blocks));
    return blocks;
  }

  /** To be called behind the last bytes. @throws NAS_BZIP if something is missing */
  end(): void {
    const left = this.#bytes.length - Math.trunc(this.#bit / 8);
    const isEmpty = this.#before === 0 && this.#bytes.length === 0;
    if (this.#state !== "header" || left > 0 || isEmpty) throw this.#fault("the file ends too early");
  }

  #fault(what: string): HarnessError {
    return bzip2Fault(what, this.#file, this.#before + Math.trunc(this.#bit / 8));
  }

  /** One step; false if more bytes are needed for it. */
  #step(blocks: Bzip2Block[]): boolean {
    if (this.#state === "header") return this.#readHeader();
    if (this.#state === "magic") return this.#readMagic();
    return this.#readBlock(blocks);
  }

  #has(bits: number): boolean {
    return this.#bit + bits <= 8 * this.#bytes.length;
  }

  #readHeader(): boolean {
    const header = this.#bytes.subarray(this.#bit / 8, this.#bit / 8 + HEADER_BYTES);
    const text = Buffer.from(header).toString("latin1");
    if (!"BZh".startsWith(text.slice(0, 3)) || !/^[1-9]?$/.test(text.slice(3))) {
      const isFirst = this.#before === 0 && this.#bit === 0;
      throw this.#fault(isFirst ? "this is no bzip2 file" : "something else lies behind the end of the bzip2 stream");
    }
    if (header.length < HEADER_BYTES) return false;
    this.#level = Number(text[3]);
    this.#checksum = 0;
    this.#bit += 8 * HEADER_BYTES;
    this.#state = "magic";
    return true;
  }

  /** A block begins here, or the stream ends. */
  #readMagic(): boolean {
    if (!this.#has(MAGIC_BITS + CHECKSUM_BITS)) return false;
    if (isMagicAt(this.#bytes, this.#bit, BLOCK_MAGIC)) {
      this.#state = "block";
      this.#searched = MAGIC_BITS;
      return true;
    }
    if (!isMagicAt(this.#bytes, this.#bit, END_MAGIC)) throw this.#fault("no block begins where one should");
    if (this.#checksumAt(this.#bit + MAGIC_BITS) !== this.#checksum)
      throw this.#fault("the checksum of the whole bzip2 stream is wrong");
    this.#bit = 8 * Math.ceil((this.#bit + MAGIC_BITS + CHECKSUM_BITS) / 8);
    this.#state = "header";
    return true;
  }

  #checksumAt(bit: number): number {
    return (bitsAt(this.#bytes, bit, 16) * 0x10000 + bitsAt(this.#bytes, bit + 16, 16)) >>> 0;
  }

  #readBlock(blocks: Bzip2Block[]): boolean {
    const end = findMagic(this.#bytes, this.#bit + this.#searched);
    if (end < 0) {
      const there = 8 * this.#bytes.length - this.#bit;
      if (there > 8 * LONGEST_BLOCK) throw this.#fault("a block does not end where it should");
      this.#searched = Math.max(this.#searched, there - MAGIC_BITS);
      return false;
    }
    const checksum = this.#checksumAt(this.#bit + MAGIC_BITS);
    this.#checksum = (((this.#checksum << 1) | (this.#checksum >>> 31)) ^ checksum) >>> 0;
    blocks.push(this.#blockTo(end, checksum));
    this.#bit = end;
    this.#state = "magic";
    return true;
  }

  /** The block up to a bit, between a header and an end that make it a whole stream. */
  #blockTo(end: number, checksum: number): Bzip2Block {
    const bits = end - this.#bit;
    const bytes = new Uint8Array(HEADER_BYTES + Math.ceil((bits + MAGIC_BITS + CHECKSUM_BITS) / 8));
    bytes.set(Buffer.from(`BZh${this.#level}`, "latin1"));
    copyBits(this.#bytes, this.#bit, bits, bytes, HEADER_BYTES);
    const start = 8 * HEADER_BYTES + bits;
    addBits(bytes, start, END_MAGIC[0], 24);
    addBits(bytes, start + 24, END_MAGIC[1], 24);
    addBits(bytes, start + 48, checksum >>> 16, 16);
    addBits(bytes, start + 64, checksum & 0xffff, 16);
    return { bytes, level: this.#level, position: this.#before + Math.trunc(this.#bit / 8) };
  }
}
