/** A Python tuple for {@link writePickle}. */
export class Tuple {
  readonly items: readonly Picklable[];
  constructor(...items: readonly Picklable[]) {
    this.items = items;
  }
}

/** A Python float; numbers are ints. */
export class Float {
  readonly value: number;
  constructor(value: number) {
    this.value = value;
  }
}

/** A collections.OrderedDict. */
export class OrderedDict extends Map<Picklable, Picklable> {}

/** A numpy float64. */
export class Scalar extends Float {}

/** What {@link writePickle} writes: Maps are dicts, arrays lists. An object that comes again is recalled. */
export type Picklable =
  | null
  | boolean
  | number
  | bigint
  | string
  | Float
  | Uint8Array
  | Tuple
  | Picklable[]
  | Set<Picklable>
  | Map<Picklable, Picklable>;

/** Entries that Python sets at once. */
const BATCH = 1000;

/** Writes pickles as CPython's Pickler does (Lib/pickle.py): the same opcodes, ids and batches. */
class Writer {
  readonly #protocol: 2 | 4;
  readonly #parts: Buffer[] = [];
  readonly #ids = new Map<unknown, number>();

  constructor(protocol: 2 | 4) {
    this.#protocol = protocol;
  }

  whole(value: Picklable): Buffer {
    this.#bytes(0x80, this.#protocol);
    this.#write(value);
    this.#op(".");
    return Buffer.concat(this.#parts);
  }

  #op(text: string): void {
    this.#parts.push(Buffer.from(text, "latin1"));
  }

  #bytes(...bytes: number[]): void {
    this.#parts.push(Buffer.from(bytes));
  }

  #uint32(opcode: number, value: number): void {
    const bytes = Buffer.alloc(5);
    bytes[0] = opcode;
    bytes.writeUInt32LE(value >>> 0, 1);
    this.#parts.push(bytes);
  }

  /** Stores what is on top of the stack. */
  #memoize(value: unknown): void {
    const id = this.#ids.size;
    this.#ids.set(value, id);
    if (this.#protocol === 4) this.#bytes(0x94);
    else if (id < 256) this.#bytes(0x71, id);
    else this.#uint32(0x72, id);
  }

  #recall(value: unknown): boolean {
    const id = this.#ids.get(value);
    if (id === undefined) return false;
    if (id < 256) this.#bytes(0x68, id);
    else this.#uint32(0x6a, id);
    return true;
  }

  #int(value: number): void {
    if (value >= 0 && value < 256) this.#bytes(0x4b, value);
    else if (value >= 0 && value < 65536) this.#bytes(0x4d, value & 255, value >> 8);
    else this.#uint32(0x4a, value);
  }

  #long(value: bigint): void {
    const bytes: number[] = [];
    for (let rest = value; rest > 0n; rest >>= 8n) bytes.push(Number(rest & 255n));
    if (bytes.at(-1)! > 127) bytes.push(0);
    this.#bytes(0x8a, bytes.length, ...bytes);
  }

  #float(value: number): void {
    const bytes = Buffer.alloc(9);
    bytes[0] = 0x47;
    bytes.writeDoubleBE(value, 1);
    this.#parts.push(bytes);
  }

  #text(value: string): void {
    if (this.#recall(value)) return;
    const bytes = Buffer.from(value);
    if (this.#protocol === 4 && bytes.length < 256) this.#bytes(0x8c, bytes.length);
    else this.#uint32(0x58, bytes.length);
    this.#parts.push(bytes);
    this.#memoize(value);
  }

  #name(module: string, name: string): void {
    const text = `${module}\n${name}\n`;
    if (this.#recall(text)) return;
    if (this.#protocol === 2) this.#op(`c${text}`);
    else {
      this.#text(module);
      this.#text(name);
      this.#bytes(0x93);
    }
    this.#memoize(text);
  }

  #raw(value: Uint8Array): void {
    if (this.#protocol === 4) {
      this.#bytes(0x43, value.length, ...value);
      this.#memoize(value);
      return;
    }
    this.#name("_codecs", "encode");
    this.#text(Buffer.from(value).toString("latin1"));
    this.#text("latin1");
    this.#bytes(0x86, 0x52);
    this.#memoize(value);
  }

  #scalar(value: Scalar): void {
    this.#name("numpy.core.multiarray", "scalar");
    if (!this.#recall("dtype f8")) {
      this.#name("numpy", "dtype");
      this.#text("f8");
      this.#bytes(0x4b, 0, 0x4b, 1, 0x87, 0x52);
      this.#memoize("dtype f8");
      this.#op("(");
      this.#int(3);
      this.#text("<");
      this.#op("NNN");
      for (let at = 0; at < 2; at++) this.#uint32(0x4a, -1);
      this.#int(0);
      this.#op("tb");
    }
    const bytes = Buffer.alloc(8);
    bytes.writeDoubleLE(value.value);
    this.#raw(bytes);
    this.#bytes(0x86, 0x52);
    this.#memoize(value);
  }

  #tuple(value: Tuple): void {
    if (value.items.length > 3) this.#op("(");
    for (const item of value.items) this.#write(item);
    this.#bytes(value.items.length > 3 ? 0x74 : [0x29, 0x85, 0x86, 0x87][value.items.length]!);
    if (value.items.length > 0) this.#memoize(value);
  }

  #batches(items: readonly (readonly Picklable[])[], one: number, many: number): void {
    for (let at = 0; at < items.length; at += BATCH) {
      const batch = items.slice(at, at + BATCH);
      if (batch.length > 1) this.#op("(");
      for (const item of batch.flat()) this.#write(item as Picklable);
      this.#bytes(batch.length > 1 ? many : one);
    }
  }

  #set(value: Set<Picklable>): void {
    if (this.#protocol === 2) {
      this.#name("__builtin__", "set");
      this.#write([...value]);
      this.#bytes(0x85, 0x52);
      this.#memoize(value);
      return;
    }
    this.#bytes(0x8f);
    this.#memoize(value);
    if (value.size === 0) return;
    this.#op("(");
    for (const item of value) this.#write(item);
    this.#bytes(0x90);
  }

  #container(value: Exclude<Picklable, null | boolean | number | bigint | string | Uint8Array>): void {
    if (this.#recall(value)) return;
    if (value instanceof Scalar) this.#scalar(value);
    else if (value instanceof Float) this.#float(value.value);
    else if (value instanceof Tuple) this.#tuple(value);
    else if (value instanceof Set) this.#set(value);
    else if (value instanceof Map) {
      if (value instanceof OrderedDict) {
        this.#name("collections", "OrderedDict");
        this.#op(")R");
      } else this.#op("}");
      this.#memoize(value);
      this.#batches([...value], 0x73, 0x75);
    } else {
      this.#op("]");
      this.#memoize(value);
      this.#batches(
        value.map((item) => [item]),
        0x61,
        0x65,
      );
    }
  }

  #write(value: Picklable): void {
    if (value === null) this.#op("N");
    else if (typeof value === "boolean") this.#bytes(value ? 0x88 : 0x89);
    else if (typeof value === "number") this.#int(value);
    else if (typeof value === "bigint") this.#long(value);
    else if (typeof value === "string") this.#text(value);
    else if (value instanceof Uint8Array) this.#raw(value);
    else this.#container(value);
  }
}

/** A value as Python pickles it in protocol 2 or 4. */
export function writePickle(value: Picklable, protocol: 2 | 4): Buffer {
  return new Writer(protocol).whole(value);
}
