import { pickleFault } from "../../files/pickle/byte-window.ts";
import type { Maker } from "../../files/pickle/numpy-objects.ts";
import { readPickle, readPickleAt } from "../../files/pickle/pickle-reader.ts";
import {
  PickleDict,
  PickleList,
  PickleObject,
  type PickleValue,
  textOfValue,
} from "../../files/pickle/pickle-values.ts";
import { type ZipEntry, zipEntries } from "../../files/zip-entries.ts";
import { type FindStorage, storageOf, torchPickle } from "./torch-names.ts";
import { TorchStorage } from "./torch-storage.ts";

/** What torch.save writes first in its old form (torch/serialization.py, MAGIC_NUMBER). */
const MAGIC = 0x1950a86a20f9469cfc6cn;
/** Its version of that form (PROTOCOL_VERSION). */
const VERSION = 1001;

/** Bytes in which a storage's number of elements is written before its content. */
const COUNT_BYTES = 8;

/** Storages by key, one object for each however often it is named. */
class StorageTable {
  readonly storages = new Map<string, TorchStorage>();

  readonly find: FindStorage = ({ type, key, elements }, fault) => {
    const known = this.storages.get(key);
    if (known !== undefined && known.elements !== elements) throw fault(`storage ${key} has two lengths`);
    const storage = known ?? new TorchStorage(type, elements);
    this.storages.set(key, storage);
    return storage;
  };
}

/** Content of the storages behind the pickles of the old form, in the order of the list of their keys. */
function fillStorages(table: StorageTable, keys: PickleValue, bytes: Uint8Array, start: number, file: string): void {
  if (!(keys instanceof PickleList)) throw pickleFault("the keys of the storages are no list", file, start);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = start;
  for (const key of keys.items) {
    const storage = table.storages.get(textOfValue(key) ?? "");
    if (storage === undefined) throw pickleFault("a storage is listed that nothing refers to", file, at);
    if (at + COUNT_BYTES + storage.size > bytes.length)
      throw pickleFault("the file ends too early for its storages", file, bytes.length);
    if (view.getBigUint64(at, true) !== BigInt(storage.elements))
      throw pickleFault(`a storage is not of ${storage.elements} elements`, file, at);
    at += COUNT_BYTES;
    storage.fill(bytes.subarray(at, at + storage.size));
    at += storage.size;
  }
}

/** The old form: magic number, version, what is known of the machine, the value, the storages' keys, the storages. */
function readOldForm(bytes: Uint8Array, file: string, loadBytes: Maker | null): PickleValue {
  const table = new StorageTable();
  let at = 0;
  const next = (options = {}) => {
    const { value, end } = readPickleAt(bytes, at, file, options);
    at = end;
    return value;
  };
  if (next() !== MAGIC) throw pickleFault("this was not written by torch.save", file, 0);
  const version = next();
  if (version !== VERSION) throw pickleFault(`torch.save's version ${String(version)} is not read`, file, at);
  const machine = next();
  if (!(machine instanceof PickleDict) || machine.get("little_endian") !== true)
    throw pickleFault("the file was written on a big-endian machine, which is not read", file, at);
  const value = next(torchPickle(table.find, loadBytes));
  const keys = next();
  fillStorages(table, keys, bytes, at, file);
  return value;
}

/** The zip form: `<name>/data.pkl`, and each storage as `<name>/data/<key>`. */
function readZipForm(bytes: Uint8Array, file: string, loadBytes: Maker): PickleValue {
  const fault = (what: string) => pickleFault(what, file, 0);
  const entries = new Map<string, ZipEntry>();
  for (const entry of zipEntries(bytes, fault)) entries.set(entry.name.replace(/^[^/]*\//, ""), entry);
  const pickle = entries.get("data.pkl");
  if (pickle === undefined) throw fault("the zip file holds no data.pkl, so torch.save has not written it");
  const order = entries.get("byteorder")?.content();
  if (order !== undefined && Buffer.from(order).toString("latin1").trim() !== "little")
    throw fault("the file was written on a big-endian machine, which is not read");
  const table = new StorageTable();
  const value = readPickle(pickle.content(), `${file}, data.pkl`, torchPickle(table.find, loadBytes));
  for (const [key, storage] of table.storages) {
    const entry = entries.get(`data/${key}`);
    if (entry === undefined) throw fault(`the storage data/${key} is missing`);
    if (entry.size !== storage.size || !storage.fill(entry.content()))
      throw fault(`the storage data/${key} has ${entry.size} bytes, not ${storage.size}`);
  }
  return value;
}

/**
 * `torch.storage._load_from_bytes`, which plain pickles of tensors call: its argument is a file that torch.save has written
 * of one storage. In there no further file may be.
 */
const loadStorage =
  (file: string): Maker =>
  ([bytes], fault) => {
    if (!(bytes instanceof Uint8Array)) throw fault("a storage is loaded from no bytes");
    const storage = storageOf(readOldForm(bytes, `${file}, a storage in it`, null));
    if (storage === null) throw fault("what is loaded from bytes is no storage");
    return new PickleObject(storage);
  };

/** True for bytes that begin as zip files do. */
const isZip = (bytes: Uint8Array) => bytes[0] === 0x50 && bytes[1] === 0x4b;

/** True for bytes that begin with a pickled integer of ten bytes, which torch.save's magic number is. */
const isOldForm = (bytes: Uint8Array) => bytes[0] === 0x80 && bytes[2] === 0x8a && bytes[3] === 10;

/** True for a file that torch.save has written, by its first bytes. */
export function isTorchFile(bytes: Uint8Array): boolean {
  return isZip(bytes) || isOldForm(bytes);
}

/**
 * The value of a file that torch.save has written, in its old or its zip form, with tensors to be read. Nothing is run.
 * @throws NAS_PICKLE
 */
export function readTorchFile(bytes: Uint8Array, file: string): PickleValue {
  return isZip(bytes) ? readZipForm(bytes, file, loadStorage(file)) : readOldForm(bytes, file, loadStorage(file));
}

/** For a plain pickle with tensors of torch in it, as the full form of NATS-Bench is. */
export function plainTorchPickle(file: string): ReturnType<typeof torchPickle> {
  return torchPickle((_, fault) => {
    throw fault("a storage is named but not in the file");
  }, loadStorage(file));
}
