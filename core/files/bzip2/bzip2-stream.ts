import { BlockSplitter, bzip2Fault } from "./block-splitter.ts";
import { BlockThreads } from "./block-threads.ts";

/** Blocks that are unpacked ahead of the reader, a thread. */
const AHEAD = 3;

interface Unpacking {
  readonly position: number;
  readonly content: Promise<Uint8Array | string>;
}

/**
 * Unpacks a bzip2 file of any size, block by block and ahead of its reader, in threads; several streams one behind the other
 * are one file.
 * @param file for errors
 * @throws NAS_BZIP naming file and byte, behind everything that comes before it
 */
export async function* unpackBzip2Stream(chunks: AsyncIterable<Uint8Array>, file: string): AsyncGenerator<Uint8Array> {
  const threads = new BlockThreads();
  const splitter = new BlockSplitter(file);
  const ahead: Unpacking[] = [];
  const next = async () => {
    const { position, content } = ahead.shift() as Unpacking;
    const bytes = await content;
    if (typeof bytes === "string") throw bzip2Fault(`a block is broken (${bytes})`, file, position);
    return bytes;
  };
  try {
    for await (const chunk of chunks) {
      for (const block of splitter.push(chunk)) {
        ahead.push({ position: block.position, content: threads.unpack(block) });
        if (ahead.length >= AHEAD * threads.count) yield await next();
      }
    }
    while (ahead.length > 0) yield await next();
    splitter.end();
  } finally {
    await threads.end();
  }
}
