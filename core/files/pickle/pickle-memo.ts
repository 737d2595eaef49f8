import { NumpyType, PickleName, type PickleValue } from "./pickle-values.ts";

/** Ids from the first streamed entry on under which texts, names and types stay when an entry is released. */
const LASTING = 1 << 20;
/** Longer texts go with their entry. */
const LONGEST_LASTING = 256;

function lasts(value: PickleValue): boolean {
  if (typeof value === "string") return value.length <= LONGEST_LASTING;
  return value instanceof PickleName || value instanceof NumpyType;
}

/** Thrown where a pickle recalls what was released: it has to be read again with this kept. */
export class ReleasedValue extends Error {
  constructor(id: number) {
    super(`value ${id} was released`);
    this.name = "ReleasedValue";
  }
}

/** Ids that a pickle recalls, with the position in bytes of the last time; see {@link scanRecalls}. */
export type Recalls = ReadonlyMap<number, number>;

/**
 * What a pickle has stored for later, by consecutive ids. The memo of an official file of one piece counts to 170 million;
 * so values are released entry by entry, except for what the first entries share with all later ones (texts, names, types),
 * and for what is known to be recalled.
 */
export class PickleMemo {
  readonly #recalls: Recalls | null;
  readonly #kept = new Map<number, PickleValue>();
  /** Values that stay because of their place or kind, by id from 0 on. */
  #lasting: (PickleValue | undefined)[] = [];
  /** Values since the last release, by id from `#base` on. */
  #recent: (PickleValue | undefined)[] = [];
  #base = 0;
  #lastingEnd = Number.POSITIVE_INFINITY;

  constructor(recalls: Recalls | null) {
    this.#recalls = recalls;
  }

  /** How many ids there are; the next one, for the opcode MEMOIZE. */
  get size(): number {
    return this.#base + this.#recent.length;
  }

  /** Stores a value. An id behind the next one leaves a gap; one before the last release is not possible (false). */
  set(id: number, value: PickleValue): boolean {
    if (id < this.#base) return false;
    this.#recent[id - this.#base] = value;
    return true;
  }

  /** @returns undefined if nothing was stored @throws ReleasedValue unless it is known what is recalled */
  get(id: number): PickleValue | undefined {
    if (id >= this.#base) return this.#recent[id - this.#base];
    const value = this.#lasting[id] ?? this.#kept.get(id);
    if (value === undefined && this.#recalls === null) throw new ReleasedValue(id);
    return value;
  }

  /** Everything that is stored until now stays. */
  keepAll(): void {
    this.#lasting = this.#lasting.concat(this.#recent);
    this.#base = this.#lasting.length;
    this.#recent = [];
    this.#lastingEnd = this.#base + LASTING;
  }

  /**
   * Lets go what was stored since the last release, but for what lasts and what is recalled after `position`.
   * @returns values that were kept for being recalled
   */
  release(position: number): PickleValue[] {
    const kept: PickleValue[] = [];
    if (this.#base < this.#lastingEnd || this.#recalls !== null) {
      for (let at = 0; at < this.#recent.length; at++) {
        const id = this.#base + at;
        const value = this.#recent[at];
        if (value === undefined) continue;
        if (lasts(value) && id < this.#lastingEnd) this.#lasting[id] = value;
        else if ((this.#recalls?.get(id) ?? -1) > position) {
          this.#kept.set(id, value);
          kept.push(value);
        }
      }
    }
    this.#base += this.#recent.length;
    this.#recent = [];
    return kept;
  }
}
