import type { HarnessError } from "../../errors/harness-error.ts";
import {
  itemsOf,
  NumpyArray,
  NumpyType,
  PickleName,
  PickleTuple,
  type PickleValue,
  textOfValue,
} from "./pickle-values.ts";

/** Gives the error for what is read, with file and byte. */
export type Fault = (what: string) => HarnessError;

/** Makes the value of a call in a pickle from the call's arguments. */
export type Maker = (args: readonly PickleValue[], fault: Fault) => PickleValue;

export const makeArray: Maker = (args, fault) => {
  if (!(args[0] instanceof PickleName) || args[0].text !== "numpy ndarray") throw fault("an array is no numpy.ndarray");
  return new NumpyArray();
};

export const makeType: Maker = ([name], fault) => {
  const text = textOfValue(name);
  if (text === null || !/^[biufS]\d{1,3}$/.test(text)) throw fault(`the element type ${text} is not read`);
  return new NumpyType(text);
};

const SCALARS: Readonly<Record<string, (view: DataView) => number | bigint | boolean>> = {
  b1: (view) => view.getUint8(0) !== 0,
  i1: (view) => view.getInt8(0),
  i2: (view) => view.getInt16(0, true),
  i4: (view) => view.getInt32(0, true),
  i8: (view) => view.getBigInt64(0, true),
  u1: (view) => view.getUint8(0),
  u2: (view) => view.getUint16(0, true),
  u4: (view) => view.getUint32(0, true),
  u8: (view) => view.getBigUint64(0, true),
  f4: (view) => view.getFloat32(0, true),
  f8: (view) => view.getFloat64(0, true),
};

/** A numpy scalar as the number that it is. */
export const makeScalar: Maker = ([type, bytes], fault) => {
  if (!(type instanceof NumpyType) || !(bytes instanceof Uint8Array)) throw fault("a scalar has no type or no bytes");
  const read = SCALARS[type.name];
  if (read === undefined) throw fault(`a scalar of the type ${type.name} is not read`);
  if (bytes.length !== Number(type.name.slice(1))) throw fault(`a scalar ${type.name} has ${bytes.length} bytes`);
  const value = read(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  return typeof value === "bigint" && Number.isSafeInteger(Number(value)) ? Number(value) : value;
};

/** Gives an array its content, from the state (version, shape, dtype, is Fortran order, bytes). */
export function fillArray(array: NumpyArray, state: PickleValue | undefined, fault: Fault): void {
  const [, shape, type, isFortran, content] = itemsOf(state);
  if (!(shape instanceof PickleTuple) || !(type instanceof NumpyType))
    throw fault("an array has no shape or no element type");
  if (!(content instanceof Uint8Array)) throw fault("an array's content is no byte string");
  const sizes = shape.items.map((size) => (typeof size === "number" && size >= 0 ? size : Number.NaN));
  const elements = sizes.reduce((product, size) => product * size, 1);
  if (elements * Number(type.name.slice(1)) !== content.length)
    throw fault(`an array of [${sizes}] ${type.name} has ${content.length} bytes`);
  if (isFortran !== false && isFortran !== 0 && sizes.length > 1)
    throw fault("an array is written column by column, which is not read");
  array.type = type.name;
  array.shape = sizes;
  array.bytes = content;
}

/** Looks at a dtype's state (version, byte order, ...): elements of several bytes must be little-endian. */
export function checkType(type: NumpyType, state: PickleValue | undefined, fault: Fault): void {
  if (textOfValue(itemsOf(state)[1]) === ">") throw fault(`elements ${type.name} are big-endian, which is not read`);
}
