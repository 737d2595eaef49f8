import { createHash } from "node:crypto";
import { createReadStream, type ReadStream } from "node:fs";
import path from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { type CsvError, parse } from "csv-parse";
import type { SourceFile } from "../../schemas/generated/table-card.ts";
import { HarnessError, messageOf } from "../errors/harness-error.ts";

/** One row of a CSV after the header. */
export interface CsvRow {
  /** Number of the row, from 1; the header does not count. */
  readonly row: number;
  /** Line of the (uncompressed) file that it ends on, from 1. */
  readonly line: number;
  /** As many cells as the header has, as text. */
  readonly cells: readonly string[];
}

/** What reads the rows of a CSV. An error that it throws ends the reading. */
export interface CsvReader {
  /** Called once, before any row. */
  header(names: readonly string[]): void;
  /** Called row by row, in the order of the file. */
  row(row: CsvRow): void;
}

const LONGEST_ROW = 1_048_576;

/** Bytes of a file, hashed and counted as they pass. */
function hashedBytes(file: string) {
  const hash = createHash("sha256");
  let bytes = 0;
  async function* chunks(stream: ReadStream): AsyncGenerator<Buffer> {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      hash.update(chunk);
      bytes += chunk.length;
      yield chunk;
    }
  }
  return {
    chunks: chunks(createReadStream(file)),
    source: (): SourceFile => ({ file: path.basename(file), sha256: hash.digest("hex"), bytes }),
  };
}

/** True if the bytes start as a gzip file does, whatever the file is called (RFC 1952, 2.3.1). */
function isGzip(bytes: Buffer): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

async function* prepend(first: Buffer, rest: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  yield first;
  yield* rest;
}

interface ParsedRow {
  readonly record: string[];
  readonly info: { readonly lines: number };
}

async function deliver(rows: AsyncIterable<ParsedRow>, reader: CsvReader): Promise<boolean> {
  let row = -1;
  for await (const { record, info } of rows) {
    row++;
    if (row === 0) reader.header(record);
    else reader.row({ row, line: info.lines, cells: record });
  }
  return row >= 0;
}

/** Any error of opening, unpacking or parsing as one that names the file and the line. */
function readFailure(file: string, thrown: unknown): unknown {
  if (thrown instanceof HarnessError) return thrown;
  const { code = "" } = thrown as NodeJS.ErrnoException;
  if (code === "ENOENT" || code === "ENOTDIR") {
    const what = "there is no such file";
    return new HarnessError("NAS_FILE_NOT_FOUND", { what, where: file, next: "check the path", cause: thrown });
  }
  if ((thrown as NodeJS.ErrnoException).syscall !== undefined) {
    const what = `the file can't be read: ${messageOf(thrown)}`;
    return new HarnessError("NAS_FILE_UNREADABLE", { what, where: file, next: "check the path", cause: thrown });
  }
  if (code.startsWith("Z_")) {
    const truncated = code === "Z_BUF_ERROR";
    return new HarnessError("NAS_CSV_SYNTAX", {
      what: truncated
        ? "the gzip file is truncated: it ends too early"
        : `the gzip file is broken: ${messageOf(thrown)}`,
      where: file,
      allowed: "a plain CSV file, or a whole gzip file of one",
      next: "fetch the file again; gzip -t tests it",
      cause: thrown,
    });
  }
  if (code.startsWith("CSV_")) {
    const { lines } = thrown as CsvError & { lines?: number };
    return new HarnessError("NAS_CSV_SYNTAX", {
      what: `the file is no CSV: ${messageOf(thrown)}`,
      where: lines === undefined ? file : `${file}:${lines}`,
      allowed: "comma-separated cells, as many in each row as in the header, quoted by double quotes where needed",
      next: "correct the file",
      cause: thrown,
    });
  }
  return thrown;
}

/**
 * Streams a CSV file, plain or gzip, to a reader; empty lines are skipped.
 * @returns name, SHA-256 and size of the file as it was read
 * @throws NAS_FILE_NOT_FOUND, NAS_FILE_UNREADABLE, NAS_CSV_SYNTAX, and what the reader throws
 */
export async function readCsv(file: string, reader: CsvReader): Promise<SourceFile> {
  const { chunks, source } = hashedBytes(file);
  try {
    const first = await chunks.next();
    const bytes = Readable.from(prepend(first.value ?? Buffer.alloc(0), chunks), { objectMode: false });
    const parser = parse({ bom: true, info: true, skip_empty_lines: true, max_record_size: LONGEST_ROW });
    let any = false;
    const read = async (rows: AsyncIterable<ParsedRow>) => {
      any = await deliver(rows, reader);
    };
    if (first.value !== undefined && isGzip(first.value)) await pipeline(bytes, createGunzip(), parser, read);
    else await pipeline(bytes, parser, read);
    if (!any) {
      throw new HarnessError("NAS_CSV_SYNTAX", {
        what: "the file is empty",
        where: file,
        allowed: "a header line and one row an architecture",
        next: "check the path",
      });
    }
    return source();
  } catch (thrown) {
    throw readFailure(file, thrown);
  }
}
