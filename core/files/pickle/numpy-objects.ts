import type { ByteCursor } from "./byte-cursor.ts";

/** A value that a pickle may hold. Byte strings are views of the file. */
export type PickleValue =
  | null
  | boolean
  | number
  | string
  | Uint8Array
  | PickleValue[]
  | PickleTuple
  | PickleDict
  | PickleName
  | NumpyType
  | NumpyArray;

/** A tuple: a list that does not grow. */
export class PickleTuple {
  readonly items: readonly PickleValue[];
  constructor(items: readonly PickleValue[]) {
    this.items = items;
  }
}

/** A dict whose keys are texts; byte strings as keys (Python 2) are taken as Latin-1. */
export class PickleDict {
  readonly entries = new Map<string, PickleValue>();
}

/** A Python name, `module name`. */
export class PickleName {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** A numpy dtype. */
export class NumpyType {
  /** Kind and bytes of an element, such as `u1` or `f8`. */
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

/** A numpy array as its bytes. */
export class NumpyArray {
  /** Kind and bytes of an element, such as `u1` or `f8`. */
  type = "";
  /** Length of each dimension; the last one varies fastest. */
  shape: readonly number[] = [];
  bytes: Uint8Array = new Uint8Array(0);
}

/** The text of a value that is one, or of a byte string as Latin-1; null of all others. */
export function textOfValue(value: PickleValue | undefined): string | null {
  if (typeof value === "string") return value;
  return value instanceof Uint8Array ? Buffer.from(value).toString("latin1") : null;
}

/** Items of a tuple; none of anything else. */
function itemsOf(value: PickleValue | undefined): readonly PickleValue[] {
  return value instanceof PickleTuple ? value.items : [];
}

type Maker = (args: readonly PickleValue[], cursor: ByteCursor) => PickleValue;

const makeArray: Maker = (args, cursor) => {
  if (!(args[0] instanceof PickleName) || args[0].text !== "numpy ndarray")
    throw cursor.fault("an array is no numpy.ndarray");
  return new NumpyArray();
};

const makeType: Maker = ([name], cursor) => {
  const text = textOfValue(name);
  if (text === null || !/^[biufS]\d{1,3}$/.test(text)) throw cursor.fault(`the element type ${text} is not read`);
  return new NumpyType(text);
};

/** How Python 3 writes bytes in protocol 2: a text of the characters 0 to 255. */
const encodeLatin1: Maker = ([text, encoding], cursor) => {
  if (typeof text !== "string" || textOfValue(encoding) !== "latin1")
    throw cursor.fault("bytes are written in an encoding that is not read");
  return new Uint8Array(Buffer.from(text, "latin1"));
};

/** What a pickle may call: numpy's array and dtype by their old and new module, and the codec of bytes. */
export const MAKERS: ReadonlyMap<string, Maker> = new Map([
  ["numpy.core.multiarray _reconstruct", makeArray],
  ["numpy._core.multiarray _reconstruct", makeArray],
  ["numpy dtype", makeType],
  ["_codecs encode", encodeLatin1],
]);

/** Names that may stand in a pickle without being called. */
export const PASSIVE_NAMES: readonly string[] = ["numpy ndarray"];

/** Gives an array its content, from the state (version, shape, dtype, is Fortran order, bytes). */
export function fillArray(array: NumpyArray, state: PickleValue | undefined, cursor: ByteCursor): void {
  const [, shape, type, isFortran, content] = itemsOf(state);
  if (!(shape instanceof PickleTuple) || !(type instanceof NumpyType))
    throw cursor.fault("an array has no shape or no element type");
  if (!(content instanceof Uint8Array)) throw cursor.fault("an array's content is no byte string");
  const sizes = shape.items.map((size) => (typeof size === "number" && size >= 0 ? size : Number.NaN));
  const elements = sizes.reduce((product, size) => product * size, 1);
  if (elements * Number(type.name.slice(1)) !== content.length)
    throw cursor.fault(`an array of [${sizes}] ${type.name} has ${content.length} bytes`);
  if (isFortran !== false && isFortran !== 0 && sizes.length > 1)
    throw cursor.fault("an array is written column by column, which is not read");
  array.type = type.name;
  array.shape = sizes;
  array.bytes = content;
}

/** Looks at a dtype's state (version, byte order, ...): elements of several bytes must be little-endian. */
export function checkType(type: NumpyType, state: PickleValue | undefined, cursor: ByteCursor): void {
  if (textOfValue(itemsOf(state)[1]) === ">")
    throw cursor.fault(`elements ${type.name} are big-endian, which is not read`);
}
