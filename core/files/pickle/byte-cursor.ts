import { HarnessError } from "../../errors/harness-error.ts";

/** The error for a pickle that can't be read, with the byte at which it shows. */
export function pickleFault(what: string, file: string, byte: number): HarnessError {
  return new HarnessError("NAS_PICKLE", {
    what,
    where: `${file}, byte ${byte}`,
    allowed: "a pickle of protocol 2 to 4 with dicts, lists, tuples, numbers, texts and numpy arrays",
    next: "get the file from its source again",
  });
}

/** Reads operands of opcodes: numbers are little-endian. Every call throws NAS_PICKLE at the end of the file. */
export class ByteCursor {
  readonly file: string;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  /** The next byte to be read. */
  position = 0;

  constructor(bytes: Uint8Array, file: string) {
    this.file = file;
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** The error for what was read last. */
  fault(what: string): HarnessError {
    return pickleFault(what, this.file, this.position);
  }

  /** So many bytes, as a view. */
  take(count: number): Uint8Array {
    if (count > this.#bytes.length - this.position) throw this.fault("the pickle ends too early");
    this.position += count;
    return this.#bytes.subarray(this.position - count, this.position);
  }

  /** An unsigned byte. */
  uint8(): number {
    return this.take(1)[0] as number;
  }

  /** An unsigned number of two bytes. */
  uint16(): number {
    this.take(2);
    return this.#view.getUint16(this.position - 2, true);
  }

  /** A signed number of four bytes. */
  int32(): number {
    this.take(4);
    return this.#view.getInt32(this.position - 4, true);
  }

  /** An unsigned number of four bytes. */
  uint32(): number {
    this.take(4);
    return this.#view.getUint32(this.position - 4, true);
  }

  /** An unsigned number of eight bytes; more than a file could have is a fault. */
  uint64(): number {
    this.take(8);
    const value = this.#view.getBigUint64(this.position - 8, true);
    if (value > Number.MAX_SAFE_INTEGER) throw this.fault("a length is larger than any file");
    return Number(value);
  }

  /** A number in IEEE 754, eight bytes, big-endian: the one exception. */
  float64(): number {
    this.take(8);
    return this.#view.getFloat64(this.position - 8, false);
  }

  /** Two's complement of `count` bytes; a number that doubles can't hold is a fault. */
  integer(count: number): number {
    let value = 0n;
    const bytes = this.take(count);
    for (const byte of bytes.toReversed()) value = (value << 8n) | BigInt(byte);
    const signed = BigInt.asIntN(8 * count, value);
    if (signed > Number.MAX_SAFE_INTEGER || signed < Number.MIN_SAFE_INTEGER)
      throw this.fault("an integer is too large for this reader");
    return Number(signed);
  }

  /** Text up to the end of the line, which is passed. */
  line(): string {
    const end = this.#bytes.indexOf(0x0a, this.position);
    if (end < 0) throw this.fault("the pickle ends inside a name");
    const text = Buffer.from(this.take(end - this.position)).toString("utf8");
    this.position++;
    return text;
  }
}
