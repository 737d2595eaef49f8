import { PickleDict, PickleList, type PickleValue } from "../../files/pickle/pickle-values.ts";
import type { OfficialPlace } from "./official-place.ts";
import { shown } from "./official-place.ts";

/** The fields of a dict whose keys are texts. Every call throws NAS_OFFICIAL_FILE where the value is of another kind. */
export class OfficialFields {
  /** The dict itself. */
  readonly whole: PickleDict;
  readonly place: OfficialPlace;

  /** @throws NAS_OFFICIAL_FILE if it is no dict */
  constructor(value: PickleValue | undefined, place: OfficialPlace) {
    if (!(value instanceof PickleDict)) throw place.fault(`this is ${shown(value)}`, "a dict");
    this.whole = value;
    this.place = place;
  }

  /** Place of a field. */
  at(name: string): OfficialPlace {
    return this.place.in(`field ${name}`);
  }

  /** Whatever a field holds; undefined if it is missing. */
  value(name: string): PickleValue | undefined {
    return this.whole.get(name);
  }

  text(name: string): string {
    const value = this.value(name);
    if (typeof value !== "string") throw this.at(name).fault(`the field is ${shown(value)}`, "a text");
    return value;
  }

  integer(name: string): number {
    const value = this.value(name);
    if (!Number.isInteger(value)) throw this.at(name).fault(`the field is ${shown(value)}`, "an integer");
    return value as number;
  }

  /** A finite number that is not negative. */
  amount(name: string): number {
    return requireAmount(this.value(name), this.at(name));
  }

  dict(name: string): PickleDict {
    const value = this.value(name);
    if (!(value instanceof PickleDict)) throw this.at(name).fault(`the field is ${shown(value)}`, "a dict");
    return value;
  }

  list(name: string): readonly PickleValue[] {
    const value = this.value(name);
    if (!(value instanceof PickleList)) throw this.at(name).fault(`the field is ${shown(value)}`, "a list");
    return value.items;
  }
}

/** A finite number that is not negative. @throws NAS_OFFICIAL_FILE */
export function requireAmount(value: PickleValue | undefined, place: OfficialPlace): number {
  if (typeof value !== "number" || !Number.isFinite(value) || value < 0)
    throw place.fault(`the value is ${shown(value)}`, "a number from 0 on");
  return value;
}

/** A seed as an integer: officially 777 in keys and '0777' in fields. @throws NAS_OFFICIAL_FILE */
export function requireSeed(value: PickleValue | undefined, place: OfficialPlace): number {
  const seed = typeof value === "string" && /^\d{1,9}$/.test(value) ? Number(value) : value;
  if (typeof seed !== "number" || !Number.isSafeInteger(seed) || seed < 0)
    throw place.fault(`the seed is ${shown(value)}`, "an integer, or a text of digits such as '0777'");
  return seed;
}
