import { closeSync, createReadStream, fstatSync, openSync, readSync } from "node:fs";
import { pipeline } from "node:stream";
import { crc32, createInflateRaw } from "node:zlib";
import { HarnessError, messageOf } from "../errors/harness-error.ts";
import { readFailure } from "../files/json-file.ts";

/** A file in a zip archive, as its directory describes it (APPNOTE 6.3.9, section 4.3.12). */
export interface ZipMember {
  /** Its path inside the archive, with `/`. */
  readonly name: string;
  /** Bytes of its content. */
  readonly bytes: number;
  /** Its content, once, in order. @throws NAS_DOWNLOAD if it is not what the directory says */
  readonly content: (signal: AbortSignal) => AsyncIterable<Uint8Array>;
}

const STORED = 0;
const DEFLATED = 8;
const END_BYTES = 22;
const LOCATOR_BYTES = 20;
const END64_BYTES = 56;
const ENTRY_BYTES = 46;
const LOCAL_BYTES = 30;
/** A directory of more bytes belongs to no archive of a few files. */
const MOST_DIRECTORY_BYTES = 64 * 1024 * 1024;

function malformed(archive: string, what: string, cause?: unknown): HarnessError {
  return new HarnessError("NAS_DOWNLOAD", {
    what: `the zip archive ${what}`,
    where: archive,
    next: "delete the archive and fetch it again",
    cause,
  });
}

/** Reads a file at any place. */
class ArchiveFile {
  readonly #handle: number;
  readonly archive: string;
  readonly bytes: number;

  constructor(archive: string) {
    this.archive = archive;
    try {
      this.#handle = openSync(archive, "r");
      this.bytes = fstatSync(this.#handle).size;
    } catch (cause) {
      throw readFailure(archive, cause);
    }
  }

  /** So many bytes from a place. @throws NAS_DOWNLOAD if the file does not have them */
  read(position: number, length: number): Buffer {
    const bytes = Buffer.alloc(length);
    const isInside = Number.isSafeInteger(position) && position >= 0 && position + length <= this.bytes;
    if (!isInside || readSync(this.#handle, bytes, 0, length, position) < length)
      throw malformed(this.archive, `is cut off or broken: it names byte ${position} and has ${this.bytes}`);
    return bytes;
  }

  close(): void {
    closeSync(this.#handle);
  }
}

/** Where the directory lies and how many entries it has. */
function directoryOf(file: ArchiveFile): { start: number; length: number; entries: number } {
  // A comment of up to 65,535 bytes may follow the end record.
  const tailStart = Math.max(0, file.bytes - END_BYTES - 0xffff);
  const tail = file.read(tailStart, file.bytes - tailStart);
  let at = tail.length - END_BYTES;
  // The comment may hold the signature too: the right one is followed by as many bytes as it says.
  while (
    at >= 0 &&
    !(tail.readUInt32LE(at) === 0x06054b50 && at + END_BYTES + tail.readUInt16LE(at + 20) === tail.length)
  )
    at--;
  if (at < 0) throw malformed(file.archive, "has no end record: it is cut off, or no zip");
  const end = tail.subarray(at);
  const [entries, length, start] = [end.readUInt16LE(10), end.readUInt32LE(12), end.readUInt32LE(16)];
  if (entries < 0xffff && length < 0xffffffff && start < 0xffffffff) return { start, length, entries };
  // Zip64: the real numbers are in a record of their own, which a locator before the end record names.
  const locator = file.read(tailStart + at - LOCATOR_BYTES, LOCATOR_BYTES);
  if (locator.readUInt32LE(0) !== 0x07064b50) throw malformed(file.archive, "lacks its zip64 locator");
  const end64 = file.read(Number(locator.readBigUInt64LE(8)), END64_BYTES);
  if (end64.readUInt32LE(0) !== 0x06064b50) throw malformed(file.archive, "lacks its zip64 end record");
  const number = (offset: number) => Number(end64.readBigUInt64LE(offset));
  return { start: number(48), length: number(40), entries: number(32) };
}

/** Sizes and place of an entry; those that do not fit 32 bits are in its zip64 field, in this order. */
function sizesOf(entry: Buffer, extra: Buffer): { bytes: number; packed: number; offset: number } {
  const plain = [entry.readUInt32LE(24), entry.readUInt32LE(20), entry.readUInt32LE(42)];
  let field: Buffer = Buffer.alloc(0);
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2))
    if (extra.readUInt16LE(at) === 1) field = extra.subarray(at + 4, at + 4 + extra.readUInt16LE(at + 2));
  let used = 0;
  const [bytes = 0, packed = 0, offset = 0] = plain.map((value) => {
    if (value !== 0xffffffff || field.length < used + 8) return value;
    used += 8;
    return Number(field.readBigUInt64LE(used - 8));
  });
  return { bytes, packed, offset };
}

/** The packed bytes of a member, unpacked and compared with what the directory says of them. */
async function* unpacked(
  archive: string,
  {
    start,
    packed,
    method,
    bytes,
    crc,
    name,
  }: Record<"start" | "packed" | "method" | "bytes" | "crc", number> & { name: string },
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  let [received, sum] = [0, 0];
  if (packed > 0) {
    const stored = createReadStream(archive, { start, end: start + packed - 1, signal });
    const content = method === STORED ? stored : pipeline(stored, createInflateRaw(), () => {});
    try {
      for await (const chunk of content as AsyncIterable<Buffer>) {
        received += chunk.length;
        if (received > bytes)
          throw malformed(archive, `holds more than the ${bytes} bytes of ${name} that it announces`);
        sum = crc32(chunk, sum);
        yield chunk;
      }
    } catch (cause) {
      signal.throwIfAborted();
      throw cause instanceof HarnessError ? cause : malformed(archive, `can't be unpacked: ${messageOf(cause)}`, cause);
    } finally {
      stored.destroy();
    }
  }
  if (received !== bytes)
    throw malformed(archive, `holds ${received} of the ${bytes} bytes of ${name} that it announces`);
  if (sum !== crc) throw malformed(archive, `is damaged: ${name} does not have its checksum`);
}

/**
 * The files of a zip archive, by its directory; plain and zip64, stored and deflated. Folders are passed over.
 * @throws NAS_DOWNLOAD if it is broken, or holds something that is packed or encrypted in another way; NAS_FILE_NOT_FOUND,
 * NAS_FILE_UNREADABLE
 */
export function zipMembers(archive: string): ZipMember[] {
  const file = new ArchiveFile(archive);
  try {
    const { start, length, entries } = directoryOf(file);
    if (length > MOST_DIRECTORY_BYTES) throw malformed(archive, `has a directory of ${length} bytes`);
    const directory = file.read(start, length);
    const members: ZipMember[] = [];
    for (let at = 0, left = entries; left > 0; left--) {
      if (at + ENTRY_BYTES > length || directory.readUInt32LE(at) !== 0x02014b50)
        throw malformed(archive, `has a broken directory: ${left} of its ${entries} entries are missing`);
      const entry = directory.subarray(at);
      const [nameBytes, extraBytes] = [entry.readUInt16LE(28), entry.readUInt16LE(30)];
      const name = entry.subarray(ENTRY_BYTES, ENTRY_BYTES + nameBytes).toString("utf8");
      const extra = entry.subarray(ENTRY_BYTES + nameBytes, ENTRY_BYTES + nameBytes + extraBytes);
      at += ENTRY_BYTES + nameBytes + extraBytes + entry.readUInt16LE(32);
      if (name.endsWith("/")) continue;
      const [method, crc] = [entry.readUInt16LE(10), entry.readUInt32LE(16)];
      if ((entry.readUInt16LE(8) & 1) !== 0) throw malformed(archive, `has an encrypted file: ${name}`);
      if (method !== STORED && method !== DEFLATED)
        throw malformed(archive, `has a file that is packed by method ${method}, which is not read: ${name}`);
      const { bytes, packed, offset } = sizesOf(entry, extra);
      const local = file.read(offset, LOCAL_BYTES);
      if (local.readUInt32LE(0) !== 0x04034b50)
        throw malformed(archive, `has no file where its directory names ${name}`);
      const dataStart = offset + LOCAL_BYTES + local.readUInt16LE(26) + local.readUInt16LE(28);
      if (dataStart + packed > file.bytes) throw malformed(archive, `is cut off inside ${name}`);
      const described = { start: dataStart, packed, method, bytes, crc, name };
      members.push({ name, bytes, content: (signal) => unpacked(archive, described, signal) });
    }
    return members;
  } finally {
    file.close();
  }
}
