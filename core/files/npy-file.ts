import { HarnessError } from "../errors/harness-error.ts";

/** What an array's elements are, by numpy's name: little-endian floats of 4 and 8 bytes, integers of 8 bytes. */
const ELEMENTS = { "<f4": Float32Array, "<f8": Float64Array, "<i8": BigInt64Array } as const;

/** Values of an array. */
export type NpyValues = Float32Array | Float64Array | BigInt64Array;

/** Values with a shape, the last axis fastest. */
export interface NpyArray {
  /** Product of the lengths: the number of values. No length: one value. */
  readonly shape: readonly number[];
  readonly values: NpyValues;
}

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
const VERSION = [1, 0];
/** Bytes before the text of a .npy header: magic, version, and the text's length. */
const PREFIX = MAGIC.length + VERSION.length + 2;
/** The data of a .npy file starts at a multiple of this. */
const ALIGNMENT = 64;

/** Numpy's name for the elements. */
function elementName(values: NpyValues): keyof typeof ELEMENTS {
  if (values instanceof Float32Array) return "<f4";
  return values instanceof Float64Array ? "<f8" : "<i8";
}

/** An array as a .npy file of version 1.0, little-endian. */
export function encodeNpy({ shape, values }: NpyArray): Uint8Array {
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
  const text = `{'descr': '${elementName(values)}', 'fortran_order': False, 'shape': ${tuple}, }`;
  const start = Math.ceil((PREFIX + text.length + 1) / ALIGNMENT) * ALIGNMENT;
  const bytes = new Uint8Array(start + values.byteLength);
  const length = start - PREFIX;
  bytes.set([...MAGIC, ...VERSION, length & 0xff, length >> 8]);
  bytes.set(Buffer.from(`${text.padEnd(length - 1)}\n`, "latin1"), PREFIX);
  bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), start);
  return bytes;
}

/** The error for a file of arrays that is malformed. */
export function arrayFileFault(what: string, where: string): HarnessError {
  return new HarnessError("NAS_ARRAY_FILE", {
    what,
    where,
    allowed: `.npy arrays of ${Object.keys(ELEMENTS).join(", ")} as numpy.save and numpy.savez write them`,
    next: "write the file again, in numpy for example with array.astype('float32')",
  });
}

/** The header's text and where the data start. */
function readHeader(bytes: Uint8Array, where: string): { text: string; start: number } {
  const version = bytes[MAGIC.length] ?? 0;
  const lengthBytes = version === 1 ? 2 : 4;
  const begin = MAGIC.length + VERSION.length + lengthBytes;
  if (MAGIC.some((byte, at) => bytes[at] !== byte)) throw arrayFileFault("this is no .npy array", where);
  if (version < 1 || version > 3) throw arrayFileFault(`the .npy version ${version} is not read`, where);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isThere = bytes.length >= begin;
  const length = !isThere ? 0 : lengthBytes === 2 ? view.getUint16(begin - 2, true) : view.getUint32(begin - 4, true);
  if (!isThere || bytes.length < begin + length) throw arrayFileFault("the .npy header ends too early", where);
  const text = Buffer.from(bytes.subarray(begin, begin + length)).toString("latin1");
  return { text, start: begin + length };
}

/** Values whose first axis is fastest, with the last axis fastest. */
function lastAxisFastest<T extends NpyValues>(values: T, shape: readonly number[]): T {
  const moved = values.slice() as T;
  const position = shape.map(() => 0);
  for (let to = 0; to < moved.length; to++) {
    let from = 0;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from = from * (shape[axis] as number) + (position[axis] as number);
    }
    moved[to] = values[from] as T[number];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      position[axis] = ((position[axis] as number) + 1) % (shape[axis] as number);
      if (position[axis] !== 0) break;
    }
  }
  return moved;
}

/**
 * The array of a .npy file (versions 1 to 3). Arrays that numpy wrote column by column are turned.
 * @param where names the file in errors
 * @throws NAS_ARRAY_FILE
 */
export function decodeNpy(bytes: Uint8Array, where: string): NpyArray {
  const { text, start } = readHeader(bytes, where);
  const field = (name: string, value: string) => new RegExp(`'${name}': *${value}`).exec(text)?.[1];
  const descr = field("descr", "'([^']*)'");
  const order = field("fortran_order", "(True|False)");
  const lengths = field("shape", "\\(([\\d, ]*)\\)");
  if (descr === undefined || order === undefined || lengths === undefined)
    throw arrayFileFault("the .npy header names no element type, order or shape", where);
  if (!Object.hasOwn(ELEMENTS, descr)) throw arrayFileFault(`elements of the type ${descr} are not read`, where);
  const Elements = ELEMENTS[descr as keyof typeof ELEMENTS];
  const shape = (lengths.match(/\d+/g) ?? []).map(Number);
  const count = shape.reduce((product, length) => product * length, 1);
  if (count * Elements.BYTES_PER_ELEMENT !== bytes.length - start)
    throw arrayFileFault(`an array of [${shape}] ${descr} has ${bytes.length - start} bytes`, where);
  // A copy, since the data may start at any byte.
  const values = new Elements(new Uint8Array(bytes.subarray(start)).buffer);
  return { shape, values: order === "True" && shape.length > 1 ? lastAxisFastest(values, shape) : values };
}
