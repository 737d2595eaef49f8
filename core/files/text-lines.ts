import { closeSync, openSync, readSync } from "node:fs";
import { readFailure } from "./json-file.ts";

/** Where a line is. */
export interface LinePlace {
  readonly file: string;
  /** From 1. */
  readonly number: number;
  /** Offset of its first byte. */
  readonly start: number;
  /** Its bytes without the line feed. */
  readonly bytes: number;
}

/** A line of a text file. */
export interface TextLine {
  /** The line without its line feed. */
  readonly text: string;
  readonly place: LinePlace;
  /** False for what follows the last line feed. */
  readonly isWhole: boolean;
}

const CHUNK_BYTES = 1 << 16;
const LINE_FEED = 10;

/** File and line as messages name them: `<file>:<line>`. */
export function lineName({ file, number }: LinePlace): string {
  return `${file}:${number}`;
}

function openFile(file: string, next?: string): number {
  try {
    return openSync(file, "r");
  } catch (cause) {
    throw readFailure(file, cause, next);
  }
}

/** Fills as much of a buffer as the file has from `position` on (null: where the last read ended). */
function readInto(handle: number, file: string, buffer: Buffer, position: number | null = null): number {
  let filled = 0;
  try {
    while (filled < buffer.length) {
      const at = position === null ? null : position + filled;
      const length = readSync(handle, buffer, filled, buffer.length - filled, at);
      if (length === 0) break;
      filled += length;
    }
  } catch (cause) {
    throw readFailure(file, cause);
  }
  return filled;
}

/**
 * The lines of a UTF-8 file, one after the other: only the one that is asked for is in memory. An empty file has none.
 * @param next what to do if the file is not there
 * @throws NAS_FILE_NOT_FOUND, NAS_FILE_UNREADABLE
 */
export function* eachLine(file: string, next?: string): Generator<TextLine> {
  const handle = openFile(file, next);
  try {
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    let begun: Buffer[] = [];
    let number = 1;
    let start = 0;
    const finishLine = (rest: Buffer, isWhole: boolean): TextLine => {
      const bytes = begun.length === 0 ? rest : Buffer.concat([...begun, rest]);
      const place = { file, number, start, bytes: bytes.length };
      begun = [];
      number++;
      start += bytes.length + 1;
      return { text: bytes.toString("utf8"), place, isWhole };
    };
    for (let length = readInto(handle, file, chunk); length > 0; length = readInto(handle, file, chunk)) {
      const filled = chunk.subarray(0, length);
      let from = 0;
      for (let feed = filled.indexOf(LINE_FEED); feed >= 0; feed = filled.indexOf(LINE_FEED, from)) {
        yield finishLine(filled.subarray(from, feed), true);
        from = feed + 1;
      }
      // A copy: the next chunk is read over this one.
      if (from < length) begun.push(Buffer.from(filled.subarray(from)));
    }
    if (begun.length > 0) yield finishLine(Buffer.alloc(0), false);
  } finally {
    closeSync(handle);
  }
}

/** Reads lines again by their places, in any order. Holds one file open at a time. */
export class LineReader {
  #file = "";
  #handle: number | null = null;

  /** The bytes at a place as text; fewer if the file ends before. @throws NAS_FILE_NOT_FOUND, NAS_FILE_UNREADABLE */
  read({ file, start, bytes }: LinePlace): string {
    if (this.#handle === null || this.#file !== file) {
      this.close();
      this.#handle = openFile(file);
      this.#file = file;
    }
    const buffer = Buffer.allocUnsafe(bytes);
    return buffer.toString("utf8", 0, readInto(this.#handle, file, buffer, start));
  }

  close(): void {
    if (this.#handle !== null) closeSync(this.#handle);
    this.#handle = null;
  }
}
