import type { ByteWindow } from "./byte-window.ts";
import type { PickleMemo } from "./pickle-memo.ts";
import { PickleContainer, PickleDict, type PickleValue } from "./pickle-values.ts";
import type { ValueStack } from "./value-stack.ts";

/** A dict inside the outermost dict of a pickle whose entries are handed out one by one. Its keys are integers. */
export interface StreamedDict {
  /** Its key in the outermost dict. */
  readonly key: string;
  /** Called when it begins, with the entries of the outermost dict that come before it. */
  readonly begin: (earlier: PickleDict) => void;
  /** Called for each entry as soon as it is complete. */
  readonly entry: (key: PickleValue, value: PickleValue) => void;
}

/**
 * Hands out the entries of one dict while the machine runs. In a pickle they wait on the stack for SETITEMS in batches of
 * 1000; here an entry goes when the next key comes, and with it everything that was stored since the last one.
 */
export class EntryStream {
  readonly #window: ByteWindow;
  readonly #stack: ValueStack;
  readonly #memo: PickleMemo;
  readonly #streamed: StreamedDict;
  #dict: PickleDict | null = null;
  /** Values on the stack when one key and one value lie above the dict. */
  #oneEntry = -1;
  /** Bytes of memory that outlast an entry. */
  #lasting = 0;

  constructor(window: ByteWindow, stack: ValueStack, memo: PickleMemo, streamed: StreamedDict) {
    this.#window = window;
    this.#stack = stack;
    this.#memo = memo;
    this.#streamed = streamed;
  }

  /** To be called before a new dict comes onto the stack. */
  beforeDict(dict: PickleDict): void {
    const { values, marks, floor } = this.#stack;
    const root = values[0];
    const isValueOfRoot = marks <= 1 && floor <= 1 && values.length % 2 === 0 && root instanceof PickleDict;
    if (this.#dict !== null || !isValueOfRoot || values.at(-1) !== this.#streamed.key) return;
    const earlier = new PickleDict();
    for (const part of [root.keys.flatMap((key, at) => [key, root.values[at] as PickleValue]), values.slice(1, -1)]) {
      for (let at = 0; at + 1 < part.length; at += 2) {
        earlier.keys.push(part[at] as PickleValue);
        earlier.values.push(part[at + 1] as PickleValue);
      }
    }
    this.#dict = dict;
    this.#oneEntry = values.length + 3;
    this.#keepAll();
    this.#streamed.begin(earlier);
  }

  /** To be called after something was stored in the memo. */
  afterStore(value: PickleValue): void {
    if (value === this.#dict) this.#keepAll();
  }

  /** To be called before an integer comes onto the stack: it may be the next key. */
  beforeInteger(): void {
    const { values, floor } = this.#stack;
    // The mark of a batch lies right above the dict.
    if (values.length !== this.#oneEntry || floor !== this.#oneEntry - 2) return;
    const value = values[this.#oneEntry - 1];
    // An integer behind an empty dict or a list may still belong to that.
    if (value instanceof PickleDict && value.keys.length > 0) this.#handOut(this.#oneEntry - 2);
  }

  /** Hands out the entries from `start` on if they are of the streamed dict; false if they are another dict's. */
  takes(start: number): boolean {
    const dict = this.#dict;
    if (dict === null || this.#stack.below(start) !== dict) return false;
    if ((this.#stack.values.length - start) % 2 !== 0) throw this.#window.fault("an entry is set in no dict");
    if (dict.closed) throw this.#window.fault(`${this.#streamed.key} is part of another value already`);
    this.#handOut(start);
    return true;
  }

  #handOut(start: number): void {
    const { values } = this.#stack;
    for (let at = start; at < values.length; at += 2) {
      const value = values[at + 1] as PickleValue;
      if (value instanceof PickleContainer) value.closed = true;
      this.#streamed.entry(values[at] as PickleValue, value);
    }
    values.length = start;
    this.#lasting += this.#stack.weigh(this.#memo.release(this.#window.position));
    this.#stack.held = 0;
    this.#stack.hold(this.#lasting);
  }

  #keepAll(): void {
    this.#memo.keepAll();
    this.#lasting = this.#stack.held;
  }
}
