import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFailure } from "../files/json-file.ts";

/** Checksums of a file in hexadecimal. */
export interface FileDigests {
  readonly md5: string;
  readonly sha256: string;
}

/**
 * MD5 and SHA-256 of a file of any size. MD5 only because that is what publishers of datasets give; it shows a damaged file,
 * not a forged one.
 * @throws NAS_FILE_NOT_FOUND, NAS_FILE_UNREADABLE, the signal's reason
 */
export async function digestsOfFile(file: string, signal: AbortSignal): Promise<FileDigests> {
  const [md5, sha256] = [createHash("md5"), createHash("sha256")];
  try {
    for await (const chunk of createReadStream(file, { signal, highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
      md5.update(chunk);
      sha256.update(chunk);
    }
  } catch (cause) {
    signal.throwIfAborted();
    throw readFailure(file, cause);
  }
  return { md5: md5.digest("hex"), sha256: sha256.digest("hex") };
}
