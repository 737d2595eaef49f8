import type { PickleStream } from "../../files/pickle/pickle-stream.ts";
import { PickleDict, PickleList } from "../../files/pickle/pickle-values.ts";
import { readStoredEntry } from "../../files/zip/stored-entry.ts";
import { readZipDirectory, zipFault } from "../../files/zip/zip-directory.ts";
import { readFailure } from "./file-bytes.ts";
import { type BytesRead, counted, fileChunks } from "./file-chunks.ts";
import { OfficialPlace, shown } from "./official-place.ts";
import type { WholeFile } from "./whole-file.ts";

/** First of the pickles in torch's legacy container (torch/serialization.py, MAGIC_NUMBER). */
const MAGIC_NUMBER = 0x1950a86a20f9469cfc6cn;
const PROTOCOL_VERSION = 1001;
/** The pickle in torch's zip container, below a folder of any name. */
const DATA_PICKLE = /^[^/]+\/data\.pkl$/;

/** True for bytes that begin as torch's legacy container does: PROTO 2, LONG1 with the magic number. */
export function isLegacyTorch(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.subarray(0, 14)).toString("hex") === "80028a0a6cfc9c46f9206aa85019";
}

/** True for bytes that begin as a zip file does. */
export function isZip(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.subarray(0, 4)).toString("latin1") === "PK\x03\x04";
}

async function readPrelude(stream: PickleStream, place: OfficialPlace): Promise<void> {
  const magic = await stream.read();
  if (magic !== MAGIC_NUMBER) throw place.fault(`the file's magic number is ${shown(magic)}`, "that of torch");
  const version = await stream.read();
  if (version !== PROTOCOL_VERSION) throw place.fault(`torch's protocol is ${shown(version)}`, `${PROTOCOL_VERSION}`);
  const system = await stream.read();
  if (!(system instanceof PickleDict) || system.get("little_endian") !== true)
    throw place.fault("the file was not written on a little-endian machine", "little_endian True");
}

async function readStorageKeys(stream: PickleStream, place: OfficialPlace): Promise<void> {
  const keys = await stream.read();
  if (!(keys instanceof PickleList)) throw place.fault(`the list of storages is ${shown(keys)}`, "a list");
}

/**
 * torch's container from before version 1.6: pickles of the magic number, the protocol's version, the system, the object, the
 * keys of storages; then the storages, which are passed over.
 */
export function legacyTorchFile(file: string, onRead?: BytesRead): WholeFile {
  const place = new OfficialPlace(file);
  return {
    file,
    open: () => fileChunks(file, onRead),
    before: (stream) => readPrelude(stream, place),
    after: (stream) => readStorageKeys(stream, place),
  };
}

async function* dataPickle(file: string, onRead?: BytesRead): AsyncGenerator<Uint8Array> {
  try {
    const entries = (await readZipDirectory(file)).filter(({ name }) => DATA_PICKLE.test(name));
    const [entry, second] = entries;
    if (entry === undefined || second !== undefined)
      throw zipFault(`the zip file has ${entries.length} entries …/data.pkl`, file);
    yield* counted(readStoredEntry(file, entry), onRead);
  } catch (thrown) {
    throw readFailure(file, thrown);
  }
}

/** torch's container from version 1.6 on: a zip file with the object in `<name>/data.pkl`. */
export function zipTorchFile(file: string, onRead?: BytesRead): WholeFile {
  return { file, open: () => dataPickle(file, onRead) };
}
