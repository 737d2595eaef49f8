import { closeSync, openSync, readSync, statSync } from "node:fs";
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { pathToFileURL } from "node:url";
import { HarnessError, messageOf } from "../../errors/harness-error.ts";
import { readFailure } from "../../files/json-file.ts";

const MAGIC = "SQLite format 3\0";
const HEADER_BYTES = 100;
const FETCH_AGAIN = "fetch the database again";

/**
 * Node's own SQLite. Node 22 and 24 warn at its first use that it is experimental; that is of no use to somebody who
 * imports a table, so this one warning is held back and every other one goes on.
 */
function loadSqlite(): typeof import("node:sqlite") {
  const { emitWarning } = process;
  const isAboutSqlite = (warning: unknown) => /^SQLite is an experimental feature/.test(messageOf(warning));
  process.emitWarning = ((warning: string | Error, ...rest: unknown[]) => {
    if (!isAboutSqlite(warning)) Reflect.apply(emitWarning, process, [warning, ...rest]);
  }) as typeof emitWarning;
  try {
    const sqlite = process.getBuiltinModule("node:sqlite");
    if (sqlite !== undefined) return sqlite;
  } finally {
    process.emitWarning = emitWarning;
  }
  throw new HarnessError("NAS_FILE_UNREADABLE", {
    what: "this Node.js was built without SQLite",
    where: process.execPath,
    next: "run the command with a Node.js from nodejs.org",
  });
}

function malformed(file: string, what: string, next = FETCH_AGAIN, cause?: unknown): HarnessError {
  return new HarnessError("NAS_BENCHMARK_FILE", {
    what,
    where: file,
    allowed: "a whole SQLite 3 database",
    next,
    cause,
  });
}

/** The first bytes of a file. @throws NAS_FILE_NOT_FOUND, NAS_FILE_UNREADABLE */
function headerOf(file: string): Buffer {
  try {
    const handle = openSync(file, "r");
    try {
      const header = Buffer.alloc(HEADER_BYTES);
      return header.subarray(0, readSync(handle, header, 0, HEADER_BYTES, 0));
    } finally {
      closeSync(handle);
    }
  } catch (cause) {
    throw readFailure(file, cause);
  }
}

/** Refuses a file that its header (sqlite.org/fileformat2.html, 1.3) shows to be no whole database. */
function requireWholeDatabase(file: string): void {
  const header = headerOf(file);
  if (header.length < HEADER_BYTES || header.toString("latin1", 0, MAGIC.length) !== MAGIC) {
    throw malformed(file, header.length === 0 ? "the file is empty" : "the file is no SQLite database");
  }
  const pageBytes = header.readUInt16BE(16) === 1 ? 65_536 : header.readUInt16BE(16);
  // The number of pages counts only if the version that wrote it is the one that changed the file last.
  const isCurrent = header.readUInt32BE(24) === header.readUInt32BE(92);
  const expected = isCurrent ? header.readUInt32BE(28) * pageBytes : 0;
  const { size } = statSync(file);
  if (size < expected) throw malformed(file, `the file is truncated: it has ${size} bytes of ${expected}`);
}

/** Refuses a database of which a part stands in a file beside it: that of a program that has it open or was killed. */
function requireNoJournal(file: string): void {
  for (const ending of ["-wal", "-journal"]) {
    const size = statSync(file + ending, { throwIfNoEntry: false })?.size ?? 0;
    if (size === 0) continue;
    const next = `close the program that has it open; if there is none: sqlite3 "${file}" vacuum`;
    throw malformed(file, `a part of the database is not in it yet but in ${file}${ending}`, next);
  }
}

/** A database that is only read: nothing is written to its file or beside it. */
export class SqliteFile {
  readonly #file: string;
  readonly #database: DatabaseSync;

  /** @throws NAS_FILE_NOT_FOUND, NAS_FILE_UNREADABLE, NAS_BENCHMARK_FILE if the file is no whole database */
  constructor(file: string) {
    requireWholeDatabase(file);
    requireNoJournal(file);
    this.#file = file;
    const address = pathToFileURL(file);
    // immutable: SQLite makes no lock and no file beside it, even where the database would want a write-ahead log.
    address.search = "?mode=ro&immutable=1";
    const { DatabaseSync: Database } = loadSqlite();
    this.#database = this.#guard(() => new Database(address, { readOnly: true }));
  }

  /** Names of a table's columns in order; none if there is no such table. @throws NAS_BENCHMARK_FILE */
  columns(table: string): string[] {
    return this.#guard(() => {
      const rows = this.#database.prepare("SELECT name FROM pragma_table_info(?) ORDER BY cid").all(table);
      return rows.map((row) => String(row.name));
    });
  }

  /** Rows of a query, one at a time, each as the list of its values. @throws NAS_BENCHMARK_FILE */
  *rows(query: string): Generator<readonly unknown[]> {
    const rows = this.#guard(() => {
      const statement: StatementSync = this.#database.prepare(query);
      statement.setReturnArrays(true);
      return statement.iterate() as unknown as IterableIterator<readonly unknown[]>;
    });
    for (;;) {
      const step = this.#guard(() => rows.next());
      if (step.done === true) return;
      yield step.value;
    }
  }

  /** Ends the reading. */
  close(): void {
    this.#database.close();
  }

  #guard<T>(action: () => T): T {
    try {
      return action();
    } catch (cause) {
      throw malformed(this.#file, `the database can't be read: ${messageOf(cause)}`, FETCH_AGAIN, cause);
    }
  }
}
