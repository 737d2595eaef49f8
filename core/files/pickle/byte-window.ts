import { HarnessError } from "../../errors/harness-error.ts";
import { TextCache } from "./text-cache.ts";

/** The error for a pickle that can't be read, with the byte at which it shows. */
export function pickleFault(what: string, file: string, byte: number): HarnessError {
  return new HarnessError("NAS_PICKLE", {
    what,
    where: `${file}, byte ${byte}`,
    allowed: "a pickle of protocol 2 to 5 with dicts, lists, tuples, sets, numbers, texts and numpy arrays",
    next: "get the file from its source again",
  });
}

/** Thrown where an operand is not there yet: the opcode is to be read again after more bytes have come. */
export const OUT_OF_BYTES: unique symbol = Symbol("out of bytes");

/** Bytes of a text that is decoded at once; the engine's longest string has about twice as many characters. */
const LONGEST_TEXT = 1 << 28;
/** Bytes of a byte string in a stream, which is held whole. */
const LONGEST_STREAMED = 1 << 28;
/** Bytes of a line with a Python name. */
const LONGEST_LINE = 1 << 12;
/** Bytes of an integer; the largest known is torch's magic number with 10. */
const LONGEST_INTEGER = 1 << 10;

/** Shared by all pickles that are read: the files of a folder repeat one another's texts. */
const texts = new TextCache();

const strictText = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * The part of a file that is in memory, from which opcodes read their operands; numbers are little-endian. What has been
 * passed is let go when more is supplied. At the end of what is there, every call throws OUT_OF_BYTES, or NAS_PICKLE if
 * nothing more can come.
 */
export class ByteWindow {
  readonly file: string;
  /** The next byte to be read is `bytes[at]`. */
  at = 0;
  /** Bytes of which the next operand is short; {@link supply} wants that many. */
  missing = 1;
  #bytes: Uint8Array;
  #view: DataView;
  /** Bytes of the file before the window. */
  #before = 0;
  #complete: boolean;

  /** @param complete false: more bytes will be supplied */
  constructor(bytes: Uint8Array, file: string, complete: boolean) {
    this.file = file;
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#complete = complete;
  }

  /** Byte of the file that is read next. */
  get position(): number {
    return this.#before + this.at;
  }

  /** True while byte strings may be kept as they are: the whole file is in memory anyway. */
  get isWhole(): boolean {
    return this.#complete && this.#before === 0;
  }

  /** Adds bytes behind those that have not been read yet, which move to the window's start. */
  supply(chunks: readonly Uint8Array[]): void {
    const rest = this.#bytes.subarray(this.at);
    const bytes =
      rest.length === 0 && chunks.length === 1 ? (chunks[0] as Uint8Array) : Buffer.concat([rest, ...chunks]);
    this.#before += this.at;
    this.at = 0;
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Nothing more will be supplied. */
  complete(): void {
    this.#complete = true;
  }

  /** The error for what was read last. */
  fault(what: string): HarnessError {
    return pickleFault(what, this.file, this.position);
  }

  /** Makes sure that so many bytes are there. */
  need(count: number): void {
    const there = this.#bytes.length - this.at;
    if (count > there) this.#lack(count, there);
  }

  #lack(count: number, there: number): never {
    if (this.#complete) {
      this.at = this.#bytes.length;
      throw this.fault("the pickle ends too early");
    }
    this.missing = count - there;
    throw OUT_OF_BYTES;
  }

  /** So many bytes, as a view. */
  take(count: number): Uint8Array {
    if (count > LONGEST_STREAMED && !this.isWhole)
      throw this.fault(`a byte string of ${count} bytes is too long for this reader`);
    this.need(count);
    this.at += count;
    return this.#bytes.subarray(this.at - count, this.at);
  }

  /** An unsigned byte. */
  uint8(): number {
    if (this.at >= this.#bytes.length) this.need(1);
    return this.#bytes[this.at++] as number;
  }

  /** An unsigned number of two bytes. */
  uint16(): number {
    this.need(2);
    this.at += 2;
    return this.#view.getUint16(this.at - 2, true);
  }

  /** A signed number of four bytes. */
  int32(): number {
    this.need(4);
    this.at += 4;
    return this.#view.getInt32(this.at - 4, true);
  }

  /** An unsigned number of four bytes. */
  uint32(): number {
    this.need(4);
    this.at += 4;
    return this.#view.getUint32(this.at - 4, true);
  }

  /** An unsigned number of eight bytes; more than a file could have is a fault. */
  uint64(): number {
    this.need(8);
    const value = this.#view.getBigUint64(this.at, true);
    this.at += 8;
    if (value > Number.MAX_SAFE_INTEGER) throw this.fault("a length is larger than any file");
    return Number(value);
  }

  /** A number in IEEE 754, eight bytes, big-endian: the one exception. */
  float64(): number {
    this.need(8);
    this.at += 8;
    return this.#view.getFloat64(this.at - 8, false);
  }

  /** Two's complement of `count` bytes: a number, or a bigint where doubles are not exact. */
  integer(count: number): number | bigint {
    if (count > LONGEST_INTEGER) throw this.fault(`an integer of ${count} bytes is too large for this reader`);
    const bytes = this.take(count);
    if (count === 0) return 0;
    const value = BigInt(`0x${Buffer.from(bytes.toReversed()).toString("hex")}`);
    const signed = BigInt.asIntN(8 * count, value);
    return signed > Number.MAX_SAFE_INTEGER || signed < Number.MIN_SAFE_INTEGER ? signed : Number(signed);
  }

  /** Text of `count` bytes of UTF-8. */
  text(count: number): string {
    if (count > LONGEST_TEXT) throw this.fault(`a text of ${count} bytes is too long for this reader`);
    this.need(count);
    const start = this.at;
    this.at += count;
    const cached = texts.get(this.#bytes, start, this.at);
    if (cached !== null) return cached;
    try {
      return strictText.decode(this.#bytes.subarray(start, this.at));
    } catch {
      throw this.fault("a text is not UTF-8");
    }
  }

  /** Text up to the end of the line, which is passed. */
  line(): string {
    const end = this.#bytes.indexOf(0x0a, this.at);
    if (end < 0 && this.#bytes.length - this.at <= LONGEST_LINE) this.need(this.#bytes.length - this.at + 1);
    if (end < 0 || end - this.at > LONGEST_LINE) throw this.fault("the name of something is too long");
    const text = Buffer.from(this.take(end - this.at)).toString("utf8");
    this.at++;
    return text;
  }

  /** Passes over so many bytes, as far as they are there. @returns how many are not */
  skip(count: number): number {
    const there = this.#bytes.length - this.at;
    const passed = Math.min(count, there);
    this.at += passed;
    return count - passed;
  }
}
