import { blockDecoder } from "./block-decoder.ts";
import { BlockSplitter, bzip2Fault } from "./block-splitter.ts";

/**
 * Unpacks a bzip2 file in a buffer; several streams one behind the other are one file.
 * @param file for errors
 * @param most bytes that it may unpack to
 * @throws NAS_BZIP naming file and byte, also where more than `most` bytes would come out
 */
export async function unpackBzip2(bytes: Uint8Array, file: string, most: number): Promise<Uint8Array> {
  const decoder = await blockDecoder();
  const splitter = new BlockSplitter(file);
  const parts: Uint8Array[] = [];
  let size = 0;
  const blocks = splitter.push(bytes);
  for (const block of blocks) {
    const part = decoder.decode(block.bytes, block.level);
    if (typeof part === "string") throw bzip2Fault(`a block is broken (${part})`, file, block.position);
    size += part.length;
    if (size > most) throw bzip2Fault(`more than ${most} bytes come out`, file, block.position);
    parts.push(part);
  }
  splitter.end();
  return parts.length === 1 ? (parts[0] as Uint8Array) : Buffer.concat(parts);
}
