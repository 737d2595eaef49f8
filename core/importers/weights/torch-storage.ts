import type { NpyValues } from "../../files/npy-file.ts";

/** A number of 16 bits in IEEE 754 as a double. */
function halfOf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  if (exponent === 0) return (sign * fraction) / 0x1000000;
  // Powers of two up to 2^15 and down to 2^-14, exactly.
  const scale = exponent >= 15 ? 2 << (exponent - 15) : 2 / (1 << (15 - exponent));
  return (sign * scale * (0x400 + fraction)) / 0x800;
}

/** How a type of storage keeps its elements, and as what they are read. */
interface ElementType {
  readonly bytes: 2 | 4 | 8;
  readonly read: (view: DataView, count: number) => NpyValues;
}

const floats =
  (bytes: 2 | 4, at: (view: DataView, byte: number) => number) =>
  (view: DataView, count: number): NpyValues =>
    Float32Array.from({ length: count }, (_, index) => at(view, index * bytes));

/** A buffer of its own, since a view may begin at any byte. */
const copyOf = (view: DataView) => view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength) as ArrayBuffer;

/** Types by their Python name; numbers of 16 bits are read as float32, which holds them exactly. */
const ELEMENT_TYPES: ReadonlyMap<string, ElementType> = new Map<string, ElementType>([
  ["torch FloatStorage", { bytes: 4, read: (view) => new Float32Array(copyOf(view)) }],
  ["torch DoubleStorage", { bytes: 8, read: (view) => new Float64Array(copyOf(view)) }],
  ["torch LongStorage", { bytes: 8, read: (view) => new BigInt64Array(copyOf(view)) }],
  ["torch HalfStorage", { bytes: 2, read: floats(2, (view, byte) => halfOf(view.getUint16(byte, true))) }],
  [
    "torch BFloat16Storage",
    {
      bytes: 2,
      read: floats(2, (view, byte) => {
        const wide = new DataView(new ArrayBuffer(4));
        wide.setUint16(2, view.getUint16(byte, true), true);
        return wide.getFloat32(0, true);
      }),
    },
  ],
]);

/** Python names of the types of storage that are read. */
export const STORAGE_TYPES: readonly string[] = [...ELEMENT_TYPES.keys()];

/** Memory that tensors of PyTorch share. */
export class TorchStorage {
  /** Number of elements. */
  readonly elements: number;
  readonly #type: ElementType;
  #bytes: Uint8Array | null = null;
  #values: NpyValues | null = null;

  /** @param type one of {@link STORAGE_TYPES} */
  constructor(type: string, elements: number) {
    this.#type = ELEMENT_TYPES.get(type) as ElementType;
    this.elements = elements;
  }

  /** Bytes that the elements take. */
  get size(): number {
    return this.elements * this.#type.bytes;
  }

  /** Gives the content; false if it is not as long as it has to be. */
  fill(bytes: Uint8Array): boolean {
    if (bytes.length !== this.size) return false;
    this.#bytes = bytes;
    return true;
  }

  /** All elements, converted once and not to be changed; null before there is a content. */
  values(): NpyValues | null {
    if (this.#values !== null || this.#bytes === null) return this.#values;
    const { buffer, byteOffset, byteLength } = this.#bytes;
    this.#values = this.#type.read(new DataView(buffer, byteOffset, byteLength), this.elements);
    return this.#values;
  }
}
