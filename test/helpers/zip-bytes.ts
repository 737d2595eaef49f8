import { crc32 } from "node:zlib";

/** A zip file with stored entries in zip64 form, as torch writes large ones; built without the code under test. */
export function zipBytes(entries: Readonly<Record<string, Buffer>>, isZip64 = true): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const [name, content] of Object.entries(entries)) {
    const local = Buffer.alloc(30 + name.length);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt32LE(crc32(content), 14);
    local.writeUInt32LE(content.length, 18);
    local.writeUInt32LE(content.length, 22);
    local.writeUInt16LE(name.length, 26);
    local.write(name, 30);
    const extra = Buffer.alloc(isZip64 ? 28 : 0);
    const central = Buffer.alloc(46);
    central.writeUInt32LE(0x02014b50, 0);
    central.writeUInt32LE(crc32(content), 16);
    central.writeUInt16LE(name.length, 28);
    central.writeUInt16LE(extra.length, 30);
    for (const place of [20, 24, 42]) central.writeUInt32LE(0xffffffff, place);
    if (isZip64) {
      extra.writeUInt16LE(1, 0);
      extra.writeUInt16LE(24, 2);
      extra.writeBigUInt64LE(BigInt(content.length), 4);
      extra.writeBigUInt64LE(BigInt(content.length), 12);
      extra.writeBigUInt64LE(BigInt(at), 20);
    } else
      for (const [place, value] of [
        [20, content.length],
        [24, content.length],
        [42, at],
      ] as const)
        central.writeUInt32LE(value, place);
    directory.push(central, Buffer.from(name), extra);
    parts.push(local, content);
    at += local.length + content.length;
  }
  const central = Buffer.concat(directory);
  const count = Object.keys(entries).length;
  const end64 = Buffer.alloc(56);
  end64.writeUInt32LE(0x06064b50, 0);
  end64.writeBigUInt64LE(44n, 4);
  for (const place of [24, 32]) end64.writeBigUInt64LE(BigInt(count), place);
  end64.writeBigUInt64LE(BigInt(central.length), 40);
  end64.writeBigUInt64LE(BigInt(at), 48);
  const locator = Buffer.alloc(20);
  locator.writeUInt32LE(0x07064b50, 0);
  locator.writeBigUInt64LE(BigInt(at + central.length), 8);
  locator.writeUInt32LE(1, 16);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  for (const place of [8, 10]) end.writeUInt16LE(isZip64 ? 0xffff : count, place);
  for (const [place, value] of [
    [12, central.length],
    [16, at],
  ] as const)
    end.writeUInt32LE(isZip64 ? 0xffffffff : value, place);
  return Buffer.concat([...parts, central, ...(isZip64 ? [end64, locator] : []), end]);
}
