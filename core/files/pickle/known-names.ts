import { type Maker, makeArray, makeScalar, makeType } from "./numpy-objects.ts";
import { PickleDict, PickleList, PickleSet, PickleTuple, type PickleValue, textOfValue } from "./pickle-values.ts";

/** Python names that a pickle may call (with what makes the value), or only mention (null), as `module name`. */
export type KnownNames = ReadonlyMap<string, Maker | null>;

/** How Python 3 writes bytes in protocol 2: a text of the characters 0 to 255. */
const encodeLatin1: Maker = ([text, encoding], fault) => {
  if (typeof text !== "string" || textOfValue(encoding) !== "latin1")
    throw fault("bytes are written in an encoding that is not read");
  return new Uint8Array(Buffer.from(text, "latin1"));
};

/** How Python 3 writes empty bytes in protocol 2. */
const emptyBytes: Maker = (args, fault) => {
  if (args.length > 0) throw fault("bytes are written in a form that is not read");
  return new Uint8Array(0);
};

/** How Python writes a set below protocol 4: of a list. */
const makeSet: Maker = ([list], fault) => {
  if (!(list instanceof PickleList || list instanceof PickleTuple)) throw fault("a set is made of no list");
  const set = new PickleSet();
  set.depth = list.depth;
  for (const item of list.items as readonly PickleValue[]) set.items.push(item);
  return set;
};

/** What every pickle may call: numpy's array, scalar and dtype by their old and new module, bytes and sets. */
export const BASIC_NAMES: KnownNames = new Map<string, Maker | null>([
  ["numpy.core.multiarray _reconstruct", makeArray],
  ["numpy._core.multiarray _reconstruct", makeArray],
  ["numpy.core.multiarray scalar", makeScalar],
  ["numpy._core.multiarray scalar", makeScalar],
  ["numpy dtype", makeType],
  ["numpy ndarray", null],
  ["_codecs encode", encodeLatin1],
  ["__builtin__ bytes", emptyBytes],
  ["builtins bytes", emptyBytes],
  ["__builtin__ set", makeSet],
  ["builtins set", makeSet],
  ["__builtin__ frozenset", makeSet],
  ["builtins frozenset", makeSet],
]);

/** An empty OrderedDict, whose entries follow; for callers that expect one. */
export const makeOrderedDict: Maker = (args, fault) => {
  if (args.length > 0) throw fault("an OrderedDict is written in a form that is not read");
  return new PickleDict();
};
