import { type KnownNames, makeOrderedDict } from "../../files/pickle/known-names.ts";
import type { Fault, Maker } from "../../files/pickle/numpy-objects.ts";
import type { PickleOptions } from "../../files/pickle/pickle-machine.ts";
import {
  PickleName,
  PickleObject,
  PickleTuple,
  type PickleValue,
  textOfValue,
} from "../../files/pickle/pickle-values.ts";
import { STORAGE_TYPES, TorchStorage } from "./torch-storage.ts";
import { type TorchTensor, tensorFault } from "./torch-tensor.ts";

/** What a persistent id of torch says: a storage's type, its key in the file, and its number of elements. */
export interface StorageId {
  readonly type: string;
  readonly key: string;
  readonly elements: number;
}

/** Gives the storage that an id stands for. */
export type FindStorage = (id: StorageId, fault: Fault) => TorchStorage;

/** Content of an object that one of the makers here has made. */
const contentOf = (value: PickleValue | undefined) => (value instanceof PickleObject ? value.content : null);

/** A pickled storage or the storage of a tensor; null of anything else. */
export function storageOf(value: PickleValue | undefined): TorchStorage | null {
  const content = contentOf(value);
  return content instanceof TorchStorage ? content : null;
}

/** A pickled tensor; null of anything else. */
export function tensorOf(value: PickleValue | undefined): TorchTensor | null {
  const content = contentOf(value);
  return content === null || content instanceof TorchStorage ? null : (content as TorchTensor);
}

/** Numbers of a tuple, or null where one is none. */
function numbersOf(value: PickleValue | undefined): number[] | null {
  if (!(value instanceof PickleTuple)) return null;
  const numbers = value.items.filter((item) => typeof item === "number");
  return numbers.length === value.items.length ? numbers : null;
}

/** `_rebuild_tensor(storage, offset, size, stride)`; `_rebuild_tensor_v2` adds gradients and hooks, which are left out. */
const makeTensor: Maker = ([storage, offset, size, stride], fault) => {
  const [memory, shape, strides] = [storageOf(storage), numbersOf(size), numbersOf(stride)];
  if (memory === null || shape === null || strides === null || typeof offset !== "number")
    throw fault("a tensor has no storage, shape or strides");
  const tensor: TorchTensor = { storage: memory, offset, shape, strides };
  const wrong = tensorFault(tensor);
  if (wrong !== null) throw fault(wrong);
  return new PickleObject(tensor);
};

/** A parameter is its tensor. */
const makeParameter: Maker = ([tensor], fault) => {
  if (tensorOf(tensor) === null) throw fault("a parameter has no tensor");
  return tensor as PickleValue;
};

/** Storages by their types' names, which are only mentioned. */
const TYPES: KnownNames = new Map(STORAGE_TYPES.map((name) => [name, null]));

/** What `("storage", type, key, location, elements, …)` says; the location is the device that it was on. */
function storageId(value: PickleValue, fault: Fault): StorageId {
  const [kind, type, key, , elements, view] = value instanceof PickleTuple ? value.items : [];
  const name = textOfValue(key);
  if (textOfValue(kind) !== "storage" || name === null || !Number.isSafeInteger(elements) || (elements as number) < 0)
    throw fault("a persistent id is not that of a storage");
  if (!(type instanceof PickleName) || !STORAGE_TYPES.includes(type.text))
    throw fault("a storage is of a type that is not read");
  if (view !== undefined && view !== null) throw fault("a storage is a part of another one, which is not read");
  return { type: type.text, key: name, elements: elements as number };
}

/** What a pickle with tensors may call upon. @param loadBytes what `torch.storage._load_from_bytes` makes of bytes */
export function torchPickle(find: FindStorage, loadBytes: Maker | null): PickleOptions {
  const names = new Map<string, Maker | null>([
    ["collections OrderedDict", makeOrderedDict],
    ["torch._utils _rebuild_tensor", makeTensor],
    ["torch._utils _rebuild_tensor_v2", makeTensor],
    ["torch._utils _rebuild_parameter", makeParameter],
    ...TYPES,
  ]);
  if (loadBytes !== null) names.set("torch.storage _load_from_bytes", loadBytes);
  return { names, persistent: (id, fault) => new PickleObject(find(storageId(id, fault), fault)) };
}
