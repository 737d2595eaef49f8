import { crc32, deflateRawSync } from "node:zlib";

/** What a file in an archive is, besides its content. */
export interface ZipEntry {
  readonly name: string;
  readonly content: Buffer;
  /** 0 stored, 8 deflated (the default); another number is written as it is, over stored content. */
  readonly method?: number;
  readonly isEncrypted?: boolean;
  /** In place of the content's own. */
  readonly crc?: number;
  /** In place of the content's own. */
  readonly bytes?: number;
}

const u16 = (...values: number[]) => Buffer.concat(values.map((value) => Buffer.from([value & 255, value >> 8])));
const u32 = (...values: number[]) =>
  Buffer.concat(
    values.map((value) => {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32LE(value);
      return bytes;
    }),
  );
const u64 = (...values: number[]) =>
  Buffer.concat(
    values.map((value) => {
      const bytes = Buffer.alloc(8);
      bytes.writeBigUInt64LE(BigInt(value));
      return bytes;
    }),
  );

/** An archive as APPNOTE 6.3.9 says, built without the code under test. @param zip64 all numbers in the fields of zip64 */
export function zipArchive(entries: readonly ZipEntry[], { zip64 = false, comment = "" } = {}): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const {
    name,
    content,
    method = 8,
    isEncrypted = false,
    crc = crc32(content),
    bytes = content.length,
  } of entries) {
    const data = method === 8 ? deflateRawSync(content) : content;
    const flags = isEncrypted ? 1 : 0;
    const title = Buffer.from(name);
    const local = Buffer.concat([
      u32(0x04034b50),
      u16(20, flags, method, 0, 0),
      ...(zip64 ? [u32(crc, 0xffffffff, 0xffffffff)] : [u32(crc, data.length, bytes)]),
      u16(title.length, 0),
      title,
      data,
    ]);
    const extra = zip64
      ? Buffer.concat([u16(0x5455, 1), Buffer.from([0]), u16(1, 24), u64(bytes, data.length, offset)])
      : Buffer.alloc(0);
    const full = 0xffffffff;
    directory.push(
      u32(0x02014b50),
      u16(20, 20, flags, method, 0, 0),
      ...(zip64 ? [u32(crc, full, full)] : [u32(crc, data.length, bytes)]),
      u16(title.length, extra.length, 0, 0, 0),
      u32(0, zip64 ? full : offset),
      title,
      extra,
    );
    locals.push(local);
    offset += local.length;
  }
  const listed = Buffer.concat(directory);
  const end64 = zip64
    ? [
        u32(0x06064b50),
        u64(44),
        u16(45, 45),
        u32(0, 0),
        u64(entries.length, entries.length, listed.length, offset),
        u32(0x07064b50, 0),
        u64(offset + listed.length),
        u32(1),
      ]
    : [];
  const count = zip64 ? 0xffff : entries.length;
  const place = zip64 ? [0xffffffff, 0xffffffff] : [listed.length, offset];
  const end = [u32(0x06054b50), u16(0, 0, count, count), u32(...place), u16(comment.length), Buffer.from(comment)];
  return Buffer.concat([...locals, listed, ...end64, ...end]);
}
