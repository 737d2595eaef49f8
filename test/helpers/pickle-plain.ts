import {
  NumpyArray,
  PickleDict,
  PickleList,
  PickleSet,
  PickleTuple,
  type PickleValue,
} from "../../core/files/pickle/pickle-values.ts";

/** A value of a pickle without the reader's classes; a dict whose keys are no texts is a list of pairs. */
export function plain(value: PickleValue): unknown {
  if (value instanceof PickleDict) {
    const pairs = value.keys.map((key, at) => [plain(key), plain(value.values[at]!)] as const);
    const isPlain = value.keys.every((key) => typeof key === "string" || key instanceof Uint8Array);
    const nameOf = (key: PickleValue) =>
      typeof key === "string" ? key : Buffer.from(key as Uint8Array).toString("latin1");
    return isPlain ? Object.fromEntries(pairs.map(([, own], at) => [nameOf(value.keys[at]!), own])) : { pairs };
  }
  if (value instanceof PickleTuple) return { tuple: value.items.map(plain) };
  if (value instanceof PickleSet) return { set: value.items.map(plain) };
  if (value instanceof PickleList) return value.items.map(plain);
  if (value instanceof NumpyArray) return { type: value.type, shape: value.shape, bytes: [...value.bytes] };
  return value instanceof Uint8Array ? { bytes: [...value] } : value;
}
