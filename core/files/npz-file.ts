import { zipSync } from "fflate";

/** Values with a shape, the last axis fastest. */
export interface NpzArray {
  /** Product of the lengths: the number of values. */
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** Of every entry, so that the same arrays give the same bytes: the first day that a zip file can name, at noon. */
const TIME = new Date(1980, 0, 1, 12);
const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
const VERSION = [1, 0];
/** Bytes before the text of a .npy header: magic, version, and the text's length. */
const PREFIX = MAGIC.length + VERSION.length + 2;
/** The data of a .npy file starts at a multiple of this. */
const ALIGNMENT = 64;

/** An array as a .npy file of version 1.0: little-endian float32. */
function encodeNpy({ shape, values }: NpzArray): Uint8Array {
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
  const text = `{'descr': '<f4', 'fortran_order': False, 'shape': ${tuple}, }`;
  const start = Math.ceil((PREFIX + text.length + 1) / ALIGNMENT) * ALIGNMENT;
  const bytes = new Uint8Array(start + values.byteLength);
  const length = start - PREFIX;
  bytes.set([...MAGIC, ...VERSION, length & 0xff, length >> 8]);
  bytes.set(Buffer.from(`${text.padEnd(length - 1)}\n`, "latin1"), PREFIX);
  bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), start);
  return bytes;
}

/**
 * Arrays as an .npz file, which numpy.load reads: a zip file with one stored .npy file for each array, in the map's order.
 * The same arrays give the same bytes anywhere.
 * @param arrays by name
 */
export function encodeNpz(arrays: ReadonlyMap<string, NpzArray>): Uint8Array {
  const entries = [...arrays].map(([name, array]) => [`${name}.npy`, encodeNpy(array)] as const);
  return zipSync(Object.fromEntries(entries), { level: 0, mtime: TIME });
}
