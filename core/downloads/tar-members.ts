import { HarnessError } from "../errors/harness-error.ts";

/** Tar archives are made of blocks of so many bytes (POSIX.1-1988, ustar). */
const BLOCK = 512;

/** A regular file in an archive. */
export interface TarMember {
  /** Its path inside the archive, with `/`. */
  readonly name: string;
  /** Bytes of its content. */
  readonly bytes: number;
  /** Byte of the archive at which its content begins. */
  readonly offset: number;
  /** Its content, once, in order. What is not read is passed over. */
  readonly content: AsyncIterable<Uint8Array>;
}

/** Hands out a stream of chunks in pieces of any size. */
class ByteQueue {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #rest: Uint8Array = new Uint8Array(0);
  /** Bytes handed out. */
  position = 0;

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** 1 to `most` bytes, or none at the end of the stream. */
  async some(most: number): Promise<Uint8Array> {
    while (this.#rest.length === 0) {
      const { done, value } = await this.#chunks.next();
      if (done === true) return this.#rest;
      this.#rest = value;
    }
    const piece = this.#rest.subarray(0, most);
    this.#rest = this.#rest.subarray(piece.length);
    this.position += piece.length;
    return piece;
  }

  /** So many bytes; fewer only at the end of the stream. */
  async block(bytes: number): Promise<Uint8Array> {
    const block = new Uint8Array(bytes);
    let filled = 0;
    while (filled < bytes) {
      const piece = await this.some(bytes - filled);
      if (piece.length === 0) break;
      block.set(piece, filled);
      filled += piece.length;
    }
    return block.subarray(0, filled);
  }
}

function malformed(archive: string, what: string): HarnessError {
  return new HarnessError("NAS_DOWNLOAD", {
    what: `the archive ${what}`,
    where: archive,
    next: "delete the archive and fetch it again",
  });
}

/** Text up to the first zero byte. */
function textOf(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return Buffer.from(bytes.subarray(0, end < 0 ? bytes.length : end)).toString("utf8");
}

/** An octal number, padded with spaces or zero bytes; NaN if it is none. */
function octal(bytes: Uint8Array): number {
  const digits = textOf(bytes).trim();
  return /^[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : Number.NaN;
}

/** Whether a header's checksum is right: the sum of its bytes, with the checksum's own eight counted as spaces. */
function hasChecksum(header: Uint8Array): boolean {
  let sum = 0;
  for (const [at, byte] of header.entries()) sum += at >= 148 && at < 156 ? 32 : byte;
  return sum === octal(header.subarray(148, 156));
}

/** True for a path that would lead out of the folder in which an archive is unpacked. */
function escapes(name: string): boolean {
  return /^([a-z]:)?[\\/]/i.test(name) || name.split(/[\\/]/).includes("..");
}

async function* contentOf(queue: ByteQueue, end: number, archive: string): AsyncGenerator<Uint8Array> {
  while (queue.position < end) {
    const piece = await queue.some(end - queue.position);
    if (piece.length === 0) throw malformed(archive, `ends inside a file, at byte ${queue.position}`);
    yield piece;
  }
}

/**
 * The regular files of an archive in the format ustar, as older and GNU tar write it too where names are short. Folders, links
 * and extended headers are passed over.
 * @param chunks the unpacked archive
 * @param archive its file, for errors
 * @throws NAS_DOWNLOAD for a broken archive, or one with a path that leads out of its folder
 */
export async function* tarMembers(chunks: AsyncIterable<Uint8Array>, archive: string): AsyncGenerator<TarMember> {
  const queue = new ByteQueue(chunks);
  for (;;) {
    const header = await queue.block(BLOCK);
    // A block of zeros ends an archive; some writers leave it out.
    if (header.length === 0 || header.every((byte) => byte === 0)) return;
    if (header.length < BLOCK) throw malformed(archive, `ends inside a header, at byte ${queue.position}`);
    if (!hasChecksum(header)) throw malformed(archive, `has a broken header before byte ${queue.position}`);
    const bytes = octal(header.subarray(124, 136));
    if (Number.isNaN(bytes)) throw malformed(archive, `names no size before byte ${queue.position}`);
    const isUstar = textOf(header.subarray(257, 263)).startsWith("ustar");
    const prefix = isUstar ? textOf(header.subarray(345, 500)) : "";
    const name = `${prefix === "" ? "" : `${prefix}/`}${textOf(header.subarray(0, 100))}`;
    if (escapes(name)) throw malformed(archive, `holds a path that leads out of its folder: ${name}`);
    const end = queue.position + bytes;
    const type = header[156];
    const isRegular = type === 0 || type === "0".charCodeAt(0);
    if (isRegular) yield { name, bytes, offset: queue.position, content: contentOf(queue, end, archive) };
    // What was not read, and the padding up to a whole block.
    for await (const _ of contentOf(queue, end, archive));
    await queue.block((BLOCK - (bytes % BLOCK)) % BLOCK);
  }
}
