import { ByteCursor } from "./byte-cursor.ts";
import {
  checkType,
  fillArray,
  MAKERS,
  NumpyArray,
  NumpyType,
  PASSIVE_NAMES,
  PickleDict,
  PickleName,
  PickleTuple,
  type PickleValue,
  textOfValue,
} from "./numpy-objects.ts";

/** Marks a place on the stack. */
const MARK = Symbol("mark");

/** Bytes of a text that is decoded at once; the engine's longest string has about twice as many characters. */
const LONGEST_TEXT = 1 << 28;

type Slot = PickleValue | typeof MARK;

/** A stack machine for the opcodes that data needs (named as in CPython's Lib/pickletools.py). */
class PickleMachine {
  readonly #cursor: ByteCursor;
  readonly #stack: Slot[] = [];
  readonly #memo = new Map<number, PickleValue>();

  constructor(cursor: ByteCursor) {
    this.#cursor = cursor;
  }

  /** Runs to the opcode STOP and gives what is then on the stack. */
  run(): PickleValue {
    for (;;) {
      const opcode = this.#cursor.uint8();
      if (opcode === 0x2e) return this.#pop(); // STOP
      const value = this.#valueOf(opcode);
      if (value !== undefined) this.#stack.push(value);
      else if (!this.#act(opcode)) throw this.#cursor.fault(`the opcode 0x${opcode.toString(16)} is not read`);
    }
  }

  #pop(): PickleValue {
    const top = this.#stack.pop();
    if (top === undefined || top === MARK) throw this.#cursor.fault("an opcode finds nothing on the stack");
    return top;
  }

  /** What lies above the last mark, which is removed too. */
  #popToMark(): PickleValue[] {
    const mark = this.#stack.lastIndexOf(MARK);
    if (mark < 0) throw this.#cursor.fault("an opcode finds no mark on the stack");
    const above = this.#stack.splice(mark) as PickleValue[];
    return above.slice(1);
  }

  #tuple(count: number): PickleTuple {
    const items = Array.from({ length: count }, () => this.#pop());
    return new PickleTuple(items.reverse());
  }

  #text(bytes: number): string {
    if (bytes > LONGEST_TEXT) throw this.#cursor.fault("a text is too long for this reader");
    return Buffer.from(this.#cursor.take(bytes)).toString("utf8");
  }

  #recall(at: number): PickleValue {
    const value = this.#memo.get(at);
    if (value === undefined) throw this.#cursor.fault(`nothing was stored as ${at}`);
    return value;
  }

  #name(module: string | null, name: string | null): PickleName {
    const text = `${module} ${name}`;
    if (MAKERS.has(text) || PASSIVE_NAMES.includes(text)) return new PickleName(text);
    throw this.#cursor.fault(`the pickle calls upon ${module}.${name}, which is not run`);
  }

  /** What an opcode puts on the stack; undefined for one that does something else. */
  #valueOf(opcode: number): PickleValue | undefined {
    const cursor = this.#cursor;
    switch (opcode) {
      case 0x4e: // NONE
        return null;
      case 0x88: // NEWTRUE
        return true;
      case 0x89: // NEWFALSE
        return false;
      case 0x4a: // BININT
        return cursor.int32();
      case 0x4b: // BININT1
        return cursor.uint8();
      case 0x4d: // BININT2
        return cursor.uint16();
      case 0x8a: // LONG1
        return cursor.integer(cursor.uint8());
      case 0x47: // BINFLOAT
        return cursor.float64();
      case 0x58: // BINUNICODE
        return this.#text(cursor.uint32());
      case 0x8c: // SHORT_BINUNICODE
        return this.#text(cursor.uint8());
      case 0x54: // BINSTRING, Python 2's bytes
      case 0x42: // BINBYTES
        return cursor.take(cursor.uint32());
      case 0x55: // SHORT_BINSTRING, Python 2's bytes
      case 0x43: // SHORT_BINBYTES
        return cursor.take(cursor.uint8());
      case 0x8e: // BINBYTES8
        return cursor.take(cursor.uint64());
      case 0x7d: // EMPTY_DICT
        return new PickleDict();
      case 0x5d: // EMPTY_LIST
        return [];
      case 0x29: // EMPTY_TUPLE
        return new PickleTuple([]);
      case 0x74: // TUPLE
        return new PickleTuple(this.#popToMark());
      case 0x85: // TUPLE1
      case 0x86: // TUPLE2
      case 0x87: // TUPLE3
        return this.#tuple(opcode - 0x84);
      case 0x68: // BINGET
        return this.#recall(cursor.uint8());
      case 0x6a: // LONG_BINGET
        return this.#recall(cursor.uint32());
      case 0x63: // GLOBAL
        return this.#name(cursor.line(), cursor.line());
      case 0x93: {
        // STACK_GLOBAL
        const name = textOfValue(this.#pop());
        return this.#name(textOfValue(this.#pop()), name);
      }
      case 0x52: // REDUCE
        return this.#reduce();
      default:
        return undefined;
    }
  }

  /** Opcodes that change what is there; false for one that is not known. */
  #act(opcode: number): boolean {
    const cursor = this.#cursor;
    switch (opcode) {
      case 0x80: {
        // PROTO
        const protocol = cursor.uint8();
        if (protocol < 2 || protocol > 4) throw cursor.fault(`the pickle is of protocol ${protocol}`);
        return true;
      }
      case 0x95: // FRAME: a hint for reading ahead
        cursor.uint64();
        return true;
      case 0x28: // MARK
        this.#stack.push(MARK);
        return true;
      case 0x71: // BINPUT
        return this.#store(cursor.uint8());
      case 0x72: // LONG_BINPUT
        return this.#store(cursor.uint32());
      case 0x94: // MEMOIZE
        return this.#store(this.#memo.size);
      case 0x61: // APPEND
        return this.#append([this.#pop()]);
      case 0x65: // APPENDS
        return this.#append(this.#popToMark());
      case 0x73: // SETITEM
        return this.#setItems(this.#tuple(2).items);
      case 0x75: // SETITEMS
        return this.#setItems(this.#popToMark());
      case 0x62: // BUILD
        return this.#build();
      default:
        return false;
    }
  }

  #store(at: number): true {
    const top = this.#pop();
    this.#memo.set(at, top);
    this.#stack.push(top);
    return true;
  }

  #append(items: readonly PickleValue[]): true {
    const list = this.#stack.at(-1);
    if (!Array.isArray(list)) throw this.#cursor.fault("something is appended to what is no list");
    for (const item of items) list.push(item);
    return true;
  }

  #setItems(items: readonly PickleValue[]): true {
    const dict = this.#stack.at(-1);
    if (!(dict instanceof PickleDict) || items.length % 2 !== 0) throw this.#cursor.fault("an entry is set in no dict");
    for (let at = 0; at < items.length; at += 2) {
      const key = textOfValue(items[at]);
      if (key === null) throw this.#cursor.fault("a dict has a key that is no text");
      dict.entries.set(key, items[at + 1] as PickleValue);
    }
    return true;
  }

  #reduce(): PickleValue {
    const args = this.#pop();
    const name = this.#pop();
    const make = name instanceof PickleName ? MAKERS.get(name.text) : undefined;
    if (make === undefined || !(args instanceof PickleTuple)) throw this.#cursor.fault("something else is called");
    return make(args.items, this.#cursor);
  }

  #build(): true {
    const state = this.#pop();
    const built = this.#stack.at(-1);
    if (built instanceof NumpyArray) fillArray(built, state, this.#cursor);
    else if (built instanceof NumpyType) checkType(built, state, this.#cursor);
    else throw this.#cursor.fault("something else than an array is given a state");
    return true;
  }
}

/**
 * Reads a pickle of protocol 2 to 4 that holds plain data and numpy arrays, and runs nothing.
 * @param file for errors
 * @returns byte strings and arrays are views of `bytes`
 * @throws NAS_PICKLE naming file and byte
 */
export function readPickle(bytes: Uint8Array, file: string): PickleValue {
  const cursor = new ByteCursor(bytes, file);
  const protocol = 0x80;
  if (bytes[0] !== protocol) throw cursor.fault("this is no pickle of protocol 2 or higher");
  return new PickleMachine(cursor).run();
}
