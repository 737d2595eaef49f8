import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { readFailure } from "./file-bytes.ts";

const CHUNK = 1 << 20;

/** Called while a file is read, with how many of its bytes were read so far. A second pass begins at 0 again. */
export type BytesRead = (bytes: number) => void;

/** A file in chunks. @throws NAS_FILE_NOT_FOUND, NAS_FILE_UNREADABLE */
export async function* fileChunks(file: string, onRead?: BytesRead): AsyncGenerator<Uint8Array> {
  let read = 0;
  try {
    for await (const chunk of createReadStream(file, { highWaterMark: CHUNK })) {
      read += (chunk as Buffer).length;
      onRead?.(read);
      yield chunk as Buffer;
    }
  } catch (thrown) {
    throw readFailure(file, thrown);
  }
}

/** Chunks as they are, counted as {@link BytesRead} says. */
export async function* counted(chunks: AsyncIterable<Uint8Array>, onRead?: BytesRead): AsyncGenerator<Uint8Array> {
  let read = 0;
  for await (const chunk of chunks) {
    read += chunk.length;
    onRead?.(read);
    yield chunk;
  }
}

/** The first bytes of a file; fewer if it is shorter. @throws NAS_FILE_NOT_FOUND, NAS_FILE_UNREADABLE */
export async function fileHead(file: string, bytes: number): Promise<Buffer> {
  try {
    const handle = await open(file);
    try {
      const head = Buffer.alloc(bytes);
      const { bytesRead } = await handle.read(head, 0, bytes, 0);
      return head.subarray(0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch (thrown) {
    throw readFailure(file, thrown);
  }
}
