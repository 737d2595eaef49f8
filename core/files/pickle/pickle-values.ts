/** A value that a pickle may hold. Integers that doubles can't hold exactly are bigints. */
export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | PickleList
  | PickleTuple
  | PickleSet
  | PickleDict
  | PickleName
  | NumpyType
  | NumpyArray
  | PickleObject;

/** What holds other values. */
export abstract class PickleContainer {
  /** Levels of containers in here, itself among them; final once it is closed. */
  depth = 1;
  /** True once it is part of another value. Nothing may be added then, so no container ever holds itself. */
  closed = false;
}

/** A list. */
export class PickleList extends PickleContainer {
  readonly items: PickleValue[] = [];
}

/** A tuple: a list that does not grow. */
export class PickleTuple extends PickleContainer {
  readonly items: readonly PickleValue[];
  constructor(items: readonly PickleValue[]) {
    super();
    this.items = items;
  }
}

/** A set or frozenset, in the order of the pickle; whether an item is there twice is not looked at. */
export class PickleSet extends PickleContainer {
  readonly items: PickleValue[] = [];
}

/** A dict or OrderedDict, in the order of the pickle. */
export class PickleDict extends PickleContainer {
  /** Texts, numbers, byte strings, tuples; a key that was set twice is here twice, with both of its values. */
  readonly keys: PickleValue[] = [];
  readonly values: PickleValue[] = [];
  #index: Map<PickleValue, PickleValue> | null = null;

  /**
   * The value under a text or number, the last one if there are several; undefined if there is none. Byte strings as keys
   * (Python 2) are taken as Latin-1.
   */
  get(key: string | number): PickleValue | undefined {
    if (this.#index?.size !== this.keys.length) {
      this.#index = new Map();
      for (const [at, own] of this.keys.entries())
        this.#index.set(own instanceof Uint8Array ? textOfValue(own) : own, this.values[at] as PickleValue);
    }
    return this.#index.get(key);
  }
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

/** An object that a caller's own maker gives, such as a tensor. */
export class PickleObject {
  /** Whatever the maker put in. */
  readonly content: unknown;
  constructor(content: unknown) {
    this.content = content;
  }
}

/** The text of a value that is one, or of a byte string as Latin-1; null of all others. */
export function textOfValue(value: PickleValue | undefined): string | null {
  if (typeof value === "string") return value;
  return value instanceof Uint8Array ? Buffer.from(value).toString("latin1") : null;
}

/** Items of a tuple; none of anything else. */
export function itemsOf(value: PickleValue | undefined): readonly PickleValue[] {
  return value instanceof PickleTuple ? value.items : [];
}
