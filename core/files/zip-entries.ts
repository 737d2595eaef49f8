import { crc32, inflateRawSync } from "node:zlib";
import type { HarnessError } from "../errors/harness-error.ts";

/** A file inside a zip file. */
export interface ZipEntry {
  readonly name: string;
  /** Bytes of its content. */
  readonly size: number;
  /** Its content, unpacked and checked against its CRC-32; stored content is a view of the zip file. */
  readonly content: () => Uint8Array;
}

const STORED = 0;
const DEFLATED = 8;
/** Bytes of the end record, and the longest comment behind it. */
const END_BYTES = 22;
const LONGEST_COMMENT = 65_535;
/** What 32-bit fields hold where the true value stands in a zip64 field. */
const IN_ZIP64 = 0xffffffff;
/** Deflate packs no tighter: more is a wrong size. */
const TIGHTEST = 1032;

const SIGNATURES = { local: 0x04034b50, central: 0x02014b50, end: 0x06054b50, zip64End: 0x06064b50 } as const;

/** Reads numbers of a zip file; out of its bounds is a fault. */
class ZipBytes {
  readonly bytes: Uint8Array;
  readonly fault: (what: string) => HarnessError;
  readonly #view: DataView;

  constructor(bytes: Uint8Array, fault: (what: string) => HarnessError) {
    this.bytes = bytes;
    this.fault = fault;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Bytes `start` to `start + count`. */
  slice(start: number, count: number): Uint8Array {
    if (start < 0 || start + count > this.bytes.length) throw this.fault("the zip file ends too early");
    return this.bytes.subarray(start, start + count);
  }

  uint16(at: number): number {
    this.slice(at, 2);
    return this.#view.getUint16(at, true);
  }

  uint32(at: number): number {
    this.slice(at, 4);
    return this.#view.getUint32(at, true);
  }

  uint64(at: number): number {
    this.slice(at, 8);
    return Number(this.#view.getBigUint64(at, true));
  }
}

/** Where the list of entries starts, and how many there are. */
function findList(zip: ZipBytes): { at: number; count: number } {
  const first = Math.max(0, zip.bytes.length - END_BYTES - LONGEST_COMMENT);
  for (let at = zip.bytes.length - END_BYTES; at >= first; at--) {
    if (zip.uint32(at) !== SIGNATURES.end) continue;
    const start = zip.uint32(at + 16);
    const count = zip.uint16(at + 10);
    if (start !== IN_ZIP64 && count !== 0xffff) return { at: start, count };
    const zip64 = zip.uint64(at - 20 + 8);
    if (zip.uint32(zip64) !== SIGNATURES.zip64End) throw zip.fault("the zip file's end is malformed");
    return { at: zip.uint64(zip64 + 48), count: zip.uint64(zip64 + 32) };
  }
  throw zip.fault("this is no zip file, or its end is missing");
}

/** An entry's size, packed size and place, of which those that do not fit stand in a zip64 field. */
function extents(zip: ZipBytes, at: number): { size: number; packed: number; local: number } {
  const [nameLength, extraLength] = [zip.uint16(at + 28), zip.uint16(at + 30)];
  let field = at + 46 + nameLength;
  const end = field + extraLength;
  while (field + 4 <= end && zip.uint16(field) !== 1) field += 4 + zip.uint16(field + 2);
  let next = field + 4;
  const read = (place: number) => {
    const value = zip.uint32(place);
    if (value !== IN_ZIP64) return value;
    next += 8;
    if (next > end) throw zip.fault("an entry's zip64 field is missing");
    return zip.uint64(next - 8);
  };
  return { size: read(at + 24), packed: read(at + 20), local: read(at + 42) };
}

function contentOf(zip: ZipBytes, at: number, name: string): Uint8Array {
  const [flags, method, checksum] = [zip.uint16(at + 8), zip.uint16(at + 10), zip.uint32(at + 16)];
  const { size, packed, local } = extents(zip, at);
  if (zip.uint32(local) !== SIGNATURES.local) throw zip.fault(`"${name}" in it is not where the list says`);
  if ((flags & 1) !== 0) throw zip.fault(`"${name}" in it is encrypted`);
  const bytes = zip.slice(local + 30 + zip.uint16(local + 26) + zip.uint16(local + 28), packed);
  let content: Uint8Array;
  if (method === STORED) content = bytes;
  else if (method === DEFLATED && size <= packed * TIGHTEST) content = inflated(zip, bytes, size, name);
  else throw zip.fault(`"${name}" in it is packed in a way that is not read`);
  if (content.length !== size || crc32(content) !== checksum)
    throw zip.fault(`"${name}" in it does not match its checksum`);
  return content;
}

function inflated(zip: ZipBytes, bytes: Uint8Array, size: number, name: string): Uint8Array {
  try {
    return inflateRawSync(bytes, { maxOutputLength: Math.max(1, size) });
  } catch {
    throw zip.fault(`"${name}" in it does not unpack`);
  }
}

/**
 * The files inside a zip file, in the order of its list; stored or deflated, with zip64 sizes where there are any.
 * @param fault makes the error for what is wrong
 */
export function zipEntries(bytes: Uint8Array, fault: (what: string) => HarnessError): ZipEntry[] {
  const zip = new ZipBytes(bytes, fault);
  const list = findList(zip);
  const entries: ZipEntry[] = [];
  let at = list.at;
  for (let entry = 0; entry < list.count; entry++) {
    if (zip.uint32(at) !== SIGNATURES.central) throw fault("the zip file's list is malformed");
    const nameLength = zip.uint16(at + 28);
    const name = Buffer.from(zip.slice(at + 46, nameLength)).toString("utf8");
    const place = at;
    entries.push({ name, size: extents(zip, place).size, content: () => contentOf(zip, place, name) });
    at += 46 + nameLength + zip.uint16(at + 30) + zip.uint16(at + 32);
  }
  return entries;
}
