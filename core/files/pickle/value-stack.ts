import type { ByteWindow } from "./byte-window.ts";
import { PickleContainer, PickleDict, PickleList, PickleSet, PickleTuple, type PickleValue } from "./pickle-values.ts";

/** Values and marks that may wait on the stack. Python sets entries in batches of 1000. */
const MOST_WAITING = 1 << 22;
const MOST_MARKS = 1 << 12;
/** Levels of containers inside one another; official files have 8. */
const DEEPEST = 1000;
/** What a container and an item of it take in memory, in bytes, roughly. */
const CONTAINER_BYTES = 200;
const ITEM_BYTES = 16;
/** Bytes that the values of a pickle may take at the same time. */
const MOST_BYTES = 1 << 29;

/** The stack of the machine, with containers that are filled from it. Every misuse is NAS_PICKLE. */
export class ValueStack {
  readonly values: PickleValue[] = [];
  /** Bytes that all values take that are in memory, roughly. */
  held = 0;
  readonly #marks: number[] = [];
  readonly #window: ByteWindow;
  /** Position of the last mark: nothing below it is popped. */
  #floor = 0;

  constructor(window: ByteWindow) {
    this.#window = window;
  }

  /** Position above which the values of the last mark lie; 0 without a mark. */
  get floor(): number {
    return this.#floor;
  }

  /** Number of marks. */
  get marks(): number {
    return this.#marks.length;
  }

  /** Counts bytes of memory. */
  hold(bytes: number): void {
    this.held += bytes;
    if (this.held > MOST_BYTES) throw this.#window.fault("the pickle holds more at once than this reader takes");
  }

  push(value: PickleValue): void {
    this.values.push(value);
    if (this.values.length > MOST_WAITING) throw this.#window.fault("too many values wait on the stack");
  }

  /** Pushes a container that is new. */
  pushNew(value: PickleValue): void {
    this.hold(CONTAINER_BYTES);
    this.push(value);
  }

  mark(): void {
    this.#marks.push(this.values.length);
    this.#floor = this.values.length;
    if (this.#marks.length > MOST_MARKS) throw this.#window.fault("too many marks wait on the stack");
  }

  pop(): PickleValue {
    if (this.values.length <= this.#floor) throw this.#window.fault("an opcode finds nothing on the stack");
    return this.values.pop() as PickleValue;
  }

  /** Removes the last mark. @returns where the values above it begin */
  popMark(): number {
    const start = this.#marks.pop();
    if (start === undefined) throw this.#window.fault("an opcode finds no mark on the stack");
    this.#floor = this.#marks.at(-1) ?? 0;
    return start;
  }

  /** The value below position `start`, to which what lies from there on is added. */
  below(start: number): PickleValue | undefined {
    return start > this.#floor ? this.values[start - 1] : undefined;
  }

  /** The values from `start` on as a tuple in their place. */
  tuple(start: number): void {
    if (start < this.#floor) throw this.#window.fault("an opcode finds nothing on the stack");
    const items = this.values.slice(start);
    const tuple = new PickleTuple(items);
    for (const item of items) this.#put(tuple, item);
    this.values.length = start;
    this.pushNew(tuple);
  }

  /** The values from `start` on as a frozenset in their place. */
  frozenSet(start: number): void {
    const set = new PickleSet();
    for (let at = start; at < this.values.length; at++) {
      const item = this.values[at] as PickleValue;
      this.#put(set, item);
      set.items.push(item);
    }
    this.values.length = start;
    this.pushNew(set);
  }

  /** Adds the values from `start` on to the list below. */
  append(start: number): void {
    const list = this.below(start);
    if (!(list instanceof PickleList)) throw this.#window.fault("something is appended to what is no list");
    this.#fill(list, list.items, start);
  }

  /** Adds the values from `start` on to the set below. */
  add(start: number): void {
    const set = this.below(start);
    if (!(set instanceof PickleSet)) throw this.#window.fault("something is added to what is no set");
    this.#fill(set, set.items, start);
  }

  #fill(container: PickleContainer, into: PickleValue[], start: number): void {
    for (let at = start; at < this.values.length; at++) {
      const item = this.values[at] as PickleValue;
      this.#put(container, item);
      into.push(item);
    }
    this.#requireOpen(container);
    this.values.length = start;
  }

  /** Sets the values from `start` on, keys and values by turns, in the dict below. */
  setItems(start: number): void {
    const dict = this.below(start);
    const count = this.values.length - start;
    if (!(dict instanceof PickleDict) || count % 2 !== 0) throw this.#window.fault("an entry is set in no dict");
    for (let at = start; at < this.values.length; at += 2) {
      const key = this.values[at] as PickleValue;
      const value = this.values[at + 1] as PickleValue;
      if (typeof key === "object") this.#requireKey(key);
      this.#put(dict, key);
      this.#put(dict, value);
      dict.keys.push(key);
      dict.values.push(value);
    }
    this.#requireOpen(dict);
    this.values.length = start;
  }

  #requireKey(key: PickleValue): void {
    if (key instanceof PickleContainer && !(key instanceof PickleTuple))
      throw this.#window.fault("a dict has a key that can't be one");
  }

  #requireOpen(container: PickleContainer): void {
    if (container.closed)
      throw this.#window.fault("something is added to what is part of another value already, or of itself");
  }

  /** Accounts for an item of a container. */
  #put(container: PickleContainer, item: PickleValue): void {
    this.held += ITEM_BYTES;
    if (item instanceof PickleContainer) {
      item.closed = true;
      if (item.depth >= container.depth) {
        container.depth = item.depth + 1;
        if (container.depth > DEEPEST) throw this.#window.fault(`values are nested more than ${DEEPEST} deep`);
      }
    }
    if (this.held > MOST_BYTES) this.hold(0);
  }

  /** Bytes that values take, with all that is in them, roughly. */
  weigh(values: readonly PickleValue[]): number {
    const seen = new Set<PickleValue>();
    const open = [...values];
    let bytes = 0;
    for (let value = open.pop(); value !== undefined; value = open.pop()) {
      if (typeof value === "string" || value instanceof Uint8Array) bytes += value.length;
      if (!(value instanceof PickleContainer) || seen.has(value)) continue;
      seen.add(value);
      const items = value instanceof PickleDict ? [...value.keys, ...value.values] : itemsOfContainer(value);
      bytes += CONTAINER_BYTES + ITEM_BYTES * items.length;
      for (const item of items) if (typeof item !== "number") open.push(item);
    }
    return bytes;
  }
}

function itemsOfContainer(value: PickleContainer): readonly PickleValue[] {
  return value instanceof PickleList || value instanceof PickleTuple || value instanceof PickleSet ? value.items : [];
}
