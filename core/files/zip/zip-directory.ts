import { type FileHandle, open } from "node:fs/promises";
import { HarnessError } from "../../errors/harness-error.ts";

/** An entry of a zip file (PKWARE's APPNOTE 6.3.9, 4.3.12). */
export interface ZipEntry {
  readonly name: string;
  /** Compression method; 0: stored. */
  readonly method: number;
  readonly crc32: number;
  /** Bytes of the content, packed as it is. */
  readonly bytes: number;
  /** Byte of the file at which its local header begins. */
  readonly header: number;
}

/** The error for a zip file that can't be read. */
export function zipFault(what: string, file: string): HarnessError {
  return new HarnessError("NAS_ZIP", {
    what,
    where: file,
    allowed: "a whole zip file with stored entries, as torch writes it",
    next: "get the file from its source again; unzip -t tests it",
  });
}

const END = 0x06054b50;
const END_BYTES = 22;
const LONGEST_COMMENT = 0xffff;
const END64_LOCATOR = 0x07064b50;
const END64_LOCATOR_BYTES = 20;
const END64 = 0x06064b50;
const END64_BYTES = 56;
const CENTRAL = 0x02014b50;
const CENTRAL_BYTES = 46;
const LOCAL = 0x04034b50;
const LOCAL_BYTES = 30;
const LARGEST_DIRECTORY = 1 << 26;
/** What stands where a number is in the zip64 field instead. */
const ELSEWHERE = 0xffffffff;

/** So many bytes of a file. @throws NAS_ZIP if they are not there */
async function bytesAt(handle: FileHandle, file: string, position: number, count: number): Promise<Buffer> {
  const bytes = Buffer.alloc(count);
  const { bytesRead } = await handle.read(bytes, 0, count, position);
  if (bytesRead < count) throw zipFault("the zip file ends too early", file);
  return bytes;
}

function uint64(bytes: Buffer, at: number, file: string): number {
  if (at + 8 > bytes.length) throw zipFault("the zip file's directory is broken", file);
  const value = bytes.readBigUInt64LE(at);
  if (value > Number.MAX_SAFE_INTEGER) throw zipFault("the zip file's directory names a place behind any file", file);
  return Number(value);
}

/** Where the directory lies, from the record at the file's end. */
async function locate(handle: FileHandle, file: string): Promise<{ start: number; bytes: number }> {
  const { size } = await handle.stat();
  const tailBytes = Math.min(size, END_BYTES + LONGEST_COMMENT);
  const tail = await bytesAt(handle, file, size - tailBytes, tailBytes);
  let end = tail.length - END_BYTES;
  while (end >= 0 && tail.readUInt32LE(end) !== END) end--;
  if (end < 0) throw zipFault("the zip file has no directory: it ends too early", file);
  const locator = end - END64_LOCATOR_BYTES;
  if (locator >= 0 && tail.readUInt32LE(locator) === END64_LOCATOR) {
    const record = await bytesAt(handle, file, uint64(tail, locator + 8, file), END64_BYTES);
    if (record.readUInt32LE(0) !== END64) throw zipFault("the zip file's directory is broken", file);
    return { bytes: uint64(record, 40, file), start: uint64(record, 48, file) };
  }
  return { bytes: tail.readUInt32LE(end + 12), start: tail.readUInt32LE(end + 16) };
}

/** The numbers of the zip64 field (4.5.3): those that stand elsewhere in the entry are not in it. */
function zip64Numbers(extra: Buffer, file: string): () => number {
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== 1) continue;
    let next = at + 4;
    return () => {
      next += 8;
      return uint64(extra, next - 8, file);
    };
  }
  return () => {
    throw zipFault("the zip file's directory is broken", file);
  };
}

function entryAt(directory: Buffer, at: number, file: string): { entry: ZipEntry; next: number } {
  const isThere = at + CENTRAL_BYTES <= directory.length && directory.readUInt32LE(at) === CENTRAL;
  if (!isThere) throw zipFault("the zip file's directory is broken", file);
  const nameEnd = at + CENTRAL_BYTES + directory.readUInt16LE(at + 28);
  const extraEnd = nameEnd + directory.readUInt16LE(at + 30);
  const number64 = zip64Numbers(directory.subarray(nameEnd, extraEnd), file);
  const unpacked = directory.readUInt32LE(at + 24);
  if (unpacked === ELSEWHERE) number64();
  const packed = directory.readUInt32LE(at + 20);
  const bytes = packed === ELSEWHERE ? number64() : packed;
  const place = directory.readUInt32LE(at + 42);
  const header = place === ELSEWHERE ? number64() : place;
  const name = directory.toString("utf8", at + CENTRAL_BYTES, nameEnd);
  const entry = {
    name,
    method: directory.readUInt16LE(at + 10),
    crc32: directory.readUInt32LE(at + 16),
    bytes,
    header,
  };
  return { entry, next: extraEnd + directory.readUInt16LE(at + 32) };
}

/** The entries of a zip file, in its directory's order. @throws NAS_ZIP, and what opening it throws */
export async function readZipDirectory(file: string): Promise<readonly ZipEntry[]> {
  const handle = await open(file);
  try {
    const { start, bytes } = await locate(handle, file);
    if (bytes > LARGEST_DIRECTORY) throw zipFault(`the zip file's directory has ${bytes} bytes`, file);
    const directory = await bytesAt(handle, file, start, bytes);
    const entries: ZipEntry[] = [];
    for (let at = 0; at < directory.length; ) {
      const { entry, next } = entryAt(directory, at, file);
      entries.push(entry);
      at = next;
    }
    return entries;
  } finally {
    await handle.close();
  }
}

/** Byte of the file at which an entry's content begins. @throws NAS_ZIP */
export async function contentStart(file: string, entry: ZipEntry): Promise<number> {
  const handle = await open(file);
  try {
    const header = await bytesAt(handle, file, entry.header, LOCAL_BYTES);
    if (header.readUInt32LE(0) !== LOCAL)
      throw zipFault(`the zip file has no entry where ${entry.name} should be`, file);
    return entry.header + LOCAL_BYTES + header.readUInt16LE(26) + header.readUInt16LE(28);
  } finally {
    await handle.close();
  }
}
