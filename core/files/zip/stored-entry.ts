import { createReadStream } from "node:fs";
import { crc32 } from "node:zlib";
import { contentStart, type ZipEntry, zipFault } from "./zip-directory.ts";

const CHUNK = 1 << 20;

/**
 * The content of an entry that is stored without packing, in chunks. Its checksum is checked behind the last one, if the
 * writer has made one.
 * @throws NAS_ZIP if it is packed, ends too early or has another checksum; what reading throws
 */
export async function* readStoredEntry(file: string, entry: ZipEntry): AsyncGenerator<Uint8Array> {
  const { name, method, bytes } = entry;
  if (method !== 0) throw zipFault(`the entry ${name} is packed (method ${method})`, file);
  if (bytes === 0) return;
  const start = await contentStart(file, entry);
  let checksum = 0;
  let left = bytes;
  for await (const chunk of createReadStream(file, { start, end: start + bytes - 1, highWaterMark: CHUNK })) {
    checksum = crc32(chunk as Buffer, checksum);
    left -= (chunk as Buffer).length;
    yield chunk as Buffer;
  }
  if (left > 0) throw zipFault(`the entry ${name} ends too early`, file);
  if (entry.crc32 !== 0 && checksum !== entry.crc32) throw zipFault(`the checksum of the entry ${name} is wrong`, file);
}
