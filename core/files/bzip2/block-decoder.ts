import Bzip2 from "@foxglove/wasm-bz2";
import { messageOf } from "../../errors/harness-error.ts";

/** What a block usually unpacks to at most, in bytes a level. */
const USUAL = 120_000;
/** What it can unpack to: five bytes may stand for 259 (a byte four times, and how often more). */
const MOST = Math.ceil((100_000 * 259) / 5) + 259;
/** The library's code for an output that does not fit (BZ_OUTBUFF_FULL). */
const TOO_SMALL = /failed: -8\b/;

/** Unpacks blocks that {@link BlockSplitter} made; the same memory serves one after the other. */
export class BlockDecoder {
  readonly #library: Bzip2;

  constructor(library: Bzip2) {
    this.#library = library;
  }

  /** What a block holds; a text that says why if it is broken. */
  decode(bytes: Uint8Array, level: number): Uint8Array<ArrayBuffer> | string {
    for (const size of [USUAL, MOST]) {
      try {
        return this.#library.decompress(bytes, size * level) as Uint8Array<ArrayBuffer>;
      } catch (thrown) {
        if (size !== USUAL || !TOO_SMALL.test(messageOf(thrown))) return messageOf(thrown);
      }
    }
    return "";
  }
}

let decoder: Promise<BlockDecoder> | null = null;

/** The decoder of this thread; the WebAssembly module is loaded once. */
export function blockDecoder(): Promise<BlockDecoder> {
  decoder ??= Bzip2.init().then((library) => new BlockDecoder(library));
  return decoder;
}
