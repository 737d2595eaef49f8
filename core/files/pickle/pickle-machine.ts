import { type ByteWindow, OUT_OF_BYTES } from "./byte-window.ts";
import { EntryStream, type StreamedDict } from "./entry-stream.ts";
import { BASIC_NAMES, type KnownNames } from "./known-names.ts";
import { checkType, type Fault, fillArray } from "./numpy-objects.ts";
import { OPCODE } from "./opcodes.ts";
import { PickleMemo, type Recalls } from "./pickle-memo.ts";
import {
  NumpyArray,
  NumpyType,
  PickleDict,
  PickleList,
  PickleName,
  PickleSet,
  PickleTuple,
  type PickleValue,
  textOfValue,
} from "./pickle-values.ts";
import { ValueStack } from "./value-stack.ts";

/** What a caller knows about a pickle. */
export interface PickleOptions {
  /** Names that this pickle may call or mention besides the basic ones. */
  readonly names?: KnownNames;
  /** Gives what a persistent id (of torch: a storage) stands for; without it they are refused. */
  readonly persistent?: (id: PickleValue, fault: Fault) => PickleValue;
  /** A dict whose entries are handed out one by one instead of being kept. */
  readonly streamed?: StreamedDict;
}

/** Bytes of a text from which on its memory is counted; shorter ones are shared. */
const LONG_TEXT = 32;

const NO_NAMES: KnownNames = new Map();

/** A stack machine for the opcodes that data needs. It runs nothing: the makers of known names are the only code. */
export class PickleMachine {
  readonly #window: ByteWindow;
  readonly #options: PickleOptions;
  readonly #stack: ValueStack;
  readonly #memo: PickleMemo;
  readonly #entries: EntryStream | null;
  readonly #start: number;
  readonly #fault: Fault = (what) => this.#window.fault(what);

  /** @param recalls what this pickle is known to recall after its release */
  constructor(window: ByteWindow, options: PickleOptions, recalls: Recalls | null = null) {
    this.#window = window;
    this.#options = options;
    this.#stack = new ValueStack(window);
    this.#memo = new PickleMemo(recalls);
    this.#start = window.position;
    this.#entries =
      options.streamed === undefined ? null : new EntryStream(window, this.#stack, this.#memo, options.streamed);
  }

  /**
   * Runs to the opcode STOP, or until more bytes have to be supplied to the window (undefined).
   * @returns what is on the stack at the end
   */
  run(): PickleValue | undefined {
    const window = this.#window;
    let start = window.at;
    try {
      for (;;) {
        start = window.at;
        const opcode = window.uint8();
        if (opcode === OPCODE.STOP) return this.#stack.pop();
        this.#step(opcode);
      }
    } catch (thrown) {
      if (thrown !== OUT_OF_BYTES) throw thrown;
      window.at = start;
      return undefined;
    }
  }

  /** One opcode. Operands are read before anything is changed, so that it can be run again when they were not there. */
  #step(opcode: number): void {
    const window = this.#window;
    const stack = this.#stack;
    switch (opcode) {
      case OPCODE.BINFLOAT:
        stack.push(window.float64());
        break;
      case OPCODE.MEMOIZE:
        this.#store(this.#memo.size);
        break;
      case OPCODE.SHORT_BINUNICODE:
        this.#pushText(window.uint8());
        break;
      case OPCODE.BINUNICODE:
        this.#pushText(window.uint32());
        break;
      case OPCODE.BINUNICODE8:
        this.#pushText(window.uint64());
        break;
      case OPCODE.BININT1:
        this.#pushInteger(window.uint8());
        break;
      case OPCODE.BININT2:
        this.#pushInteger(window.uint16());
        break;
      case OPCODE.BININT:
        this.#pushInteger(window.int32());
        break;
      case OPCODE.LONG1:
        stack.push(window.integer(window.uint8()));
        break;
      case OPCODE.LONG4:
        stack.push(window.integer(window.uint32()));
        break;
      case OPCODE.BINGET:
        this.#recall(window.uint8());
        break;
      case OPCODE.LONG_BINGET:
        this.#recall(window.uint32());
        break;
      case OPCODE.BINPUT:
        this.#store(window.uint8());
        break;
      case OPCODE.LONG_BINPUT:
        this.#store(window.uint32());
        break;
      case OPCODE.NONE:
        stack.push(null);
        break;
      case OPCODE.NEWTRUE:
        stack.push(true);
        break;
      case OPCODE.NEWFALSE:
        stack.push(false);
        break;
      case OPCODE.SHORT_BINBYTES:
      case OPCODE.SHORT_BINSTRING:
        this.#pushBytes(window.uint8());
        break;
      case OPCODE.BINBYTES:
      case OPCODE.BINSTRING:
        this.#pushBytes(window.uint32());
        break;
      case OPCODE.BINBYTES8:
      case OPCODE.BYTEARRAY8:
        this.#pushBytes(window.uint64());
        break;
      case OPCODE.MARK:
        stack.mark();
        break;
      case OPCODE.EMPTY_DICT:
        this.#pushDict();
        break;
      case OPCODE.EMPTY_LIST:
        stack.pushNew(new PickleList());
        break;
      case OPCODE.EMPTY_TUPLE:
        stack.pushNew(new PickleTuple([]));
        break;
      case OPCODE.EMPTY_SET:
        stack.pushNew(new PickleSet());
        break;
      case OPCODE.TUPLE:
        stack.tuple(stack.popMark());
        break;
      case OPCODE.TUPLE1:
      case OPCODE.TUPLE2:
      case OPCODE.TUPLE3:
        stack.tuple(stack.values.length - (opcode - OPCODE.TUPLE1 + 1));
        break;
      case OPCODE.FROZENSET:
        stack.frozenSet(stack.popMark());
        break;
      case OPCODE.APPEND:
        stack.append(stack.values.length - 1);
        break;
      case OPCODE.APPENDS:
        stack.append(stack.popMark());
        break;
      case OPCODE.ADDITEMS:
        stack.add(stack.popMark());
        break;
      case OPCODE.SETITEM:
        this.#setItems(stack.values.length - 2);
        break;
      case OPCODE.SETITEMS:
        this.#setItems(stack.popMark());
        break;
      case OPCODE.GLOBAL:
        this.#pushName(window.line(), window.line());
        break;
      case OPCODE.STACK_GLOBAL: {
        const name = textOfValue(stack.pop());
        this.#pushName(textOfValue(stack.pop()), name);
        break;
      }
      case OPCODE.REDUCE:
        this.#reduce();
        break;
      case OPCODE.BUILD:
        this.#build();
        break;
      case OPCODE.BINPERSID:
        this.#persistent();
        break;
      case OPCODE.PROTO:
        this.#protocol(window.uint8());
        break;
      case OPCODE.FRAME:
        // A hint for reading ahead.
        window.uint64();
        break;
      default:
        throw window.fault(`the opcode 0x${opcode.toString(16)} is not read`);
    }
  }

  #protocol(protocol: number): void {
    if (protocol < 2 || protocol > 5) throw this.#window.fault(`the pickle is of protocol ${protocol}`);
  }

  #pushInteger(value: number): void {
    if (this.#entries !== null) this.#entries.beforeInteger();
    this.#stack.push(value);
  }

  #pushText(bytes: number): void {
    const text = this.#window.text(bytes);
    if (bytes > LONG_TEXT) this.#stack.hold(bytes);
    this.#stack.push(text);
  }

  #pushBytes(count: number): void {
    const bytes = this.#window.take(count);
    if (!this.#window.isWhole) this.#stack.hold(count);
    this.#stack.push(bytes);
  }

  #pushDict(): void {
    const dict = new PickleDict();
    this.#entries?.beforeDict(dict);
    this.#stack.pushNew(dict);
  }

  #setItems(start: number): void {
    if (this.#entries === null || !this.#entries.takes(start)) this.#stack.setItems(start);
  }

  #store(id: number): void {
    const top = this.#stack.pop();
    this.#stack.push(top);
    // Python counts ids from 0 or 1, one each time: there can't be more than opcodes.
    if (id > this.#window.position - this.#start || !this.#memo.set(id, top))
      throw this.#window.fault(`something is stored as ${id}, which is out of order`);
    this.#stack.hold(8);
    this.#entries?.afterStore(top);
  }

  #recall(id: number): void {
    const value = this.#memo.get(id);
    if (value === undefined) throw this.#window.fault(`nothing was stored as ${id}`);
    this.#stack.push(value);
  }

  #pushName(module: string | null, name: string | null): void {
    const text = `${module} ${name}`;
    const isKnown = BASIC_NAMES.has(text) || (this.#options.names ?? NO_NAMES).has(text);
    if (!isKnown) throw this.#window.fault(`the pickle calls upon ${module}.${name}, which is not run`);
    this.#stack.push(new PickleName(text));
  }

  #reduce(): void {
    const args = this.#stack.pop();
    const name = this.#stack.pop();
    const text = name instanceof PickleName ? name.text : "";
    const make = this.#options.names?.get(text) ?? BASIC_NAMES.get(text);
    if (make === undefined || make === null || !(args instanceof PickleTuple))
      throw this.#window.fault("something else is called");
    const made = make(args.items, this.#fault);
    if (made instanceof PickleDict) this.#entries?.beforeDict(made);
    this.#stack.pushNew(made);
  }

  #build(): void {
    const state = this.#stack.pop();
    const built = this.#stack.below(this.#stack.values.length);
    if (built instanceof NumpyArray) fillArray(built, state, this.#fault);
    else if (built instanceof NumpyType) checkType(built, state, this.#fault);
    // Attributes of an OrderedDict, such as the versions that torch adds to a state dict, are not kept.
    else if (!(built instanceof PickleDict && state instanceof PickleDict))
      throw this.#window.fault("something else than an array is given a state");
  }

  #persistent(): void {
    const { persistent } = this.#options;
    if (persistent === undefined) throw this.#window.fault("the opcode 0x51 is not read");
    this.#stack.pushNew(persistent(this.#stack.pop(), this.#fault));
  }
}
