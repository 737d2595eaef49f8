import {
  closeSync,
  existsSync,
  fstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { HarnessError } from "../../core/errors/harness-error.ts";
import { makeFolder, writeFailure } from "../../core/files/atomic-file.ts";
import { WritingThread } from "./writing-thread.ts";

const END = "</html>\n";
const MARK = /<!-- key ([0-9a-f]{64}) -->\n<\/html>\n$/;
/** Bytes of the mark with its key and the end of the page. */
const MARK_BYTES = 100;

/** A page with the key of what it was made from at its very end: a page that was not written whole has none. */
export function markedPage(page: string, key: string): string {
  return `${page.slice(0, -END.length)}<!-- key ${key} -->\n${END}`;
}

/** The key of a page on disk; null if it is not whole, or not this program's. @throws the system's error if it is not there */
export function keyOfPage(file: string): string | null {
  const handle = openSync(file, "r");
  try {
    const { size } = fstatSync(handle);
    const bytes = Buffer.alloc(Math.min(size, MARK_BYTES));
    readSync(handle, bytes, 0, bytes.length, size - bytes.length);
    return MARK.exec(bytes.toString("utf8"))?.[1] ?? null;
  } finally {
    closeSync(handle);
  }
}

/** Files after which a thread is worth its start. */
const WRITTEN_HERE = 20;

const besideOf = (file: string) => `${file}.${process.pid}.tmp`;

/**
 * Files that are written beside their places one after the other and put there together. They are not synced: whatever a
 * power failure takes, the next build makes again, since its key at the end is missing.
 */
export class StagedFiles {
  readonly #files: string[] = [];
  #thread: WritingThread | null = null;

  /** @throws NAS_WRITE_FAILED */
  add(file: string, content: string | Uint8Array): void {
    this.#files.push(file);
    if (this.#files.length > WRITTEN_HERE) {
      this.#thread ??= new WritingThread();
      this.#thread.write(besideOf(file), content);
      return;
    }
    try {
      makeFolder(path.dirname(file));
      writeFileSync(besideOf(file), content);
    } catch (cause) {
      throw cause instanceof HarnessError ? cause : writeFailure(file, cause);
    }
  }

  /** Puts all files to their places. @throws NAS_WRITE_FAILED */
  commit(): void {
    this.#thread?.finish();
    for (const file of this.#files) {
      try {
        renameSync(besideOf(file), file);
      } catch (cause) {
        throw writeFailure(file, cause);
      }
    }
  }

  /** Deletes what was not put to its place, and ends. */
  discard(): void {
    this.#thread?.end();
    for (const file of this.#files) {
      try {
        rmSync(besideOf(file), { force: true });
      } catch {
        // A folder that can't be written can't be cleaned either; the first error is the one to report.
      }
    }
  }
}

/** Writes one file that can be made again: beside its place, then there. @throws NAS_WRITE_FAILED */
export function replaceFile(file: string, content: string | Uint8Array): void {
  const staged = new StagedFiles();
  try {
    staged.add(file, content);
    staged.commit();
  } finally {
    staged.discard();
  }
}

/** Files that can be made again and are replaced one after the other, whatever becomes of the next ones. */
export class ReplacedFiles {
  #count = 0;
  #thread: WritingThread | null = null;

  /** @throws NAS_WRITE_FAILED for this file or one before, or later */
  replace(file: string, content: string): void {
    if (++this.#count <= WRITTEN_HERE) {
      replaceFile(file, content);
      return;
    }
    this.#thread ??= new WritingThread();
    this.#thread.write(besideOf(file), content, file);
  }

  /** Waits until all files are in their places. @throws NAS_WRITE_FAILED */
  finish(): void {
    try {
      this.#thread?.finish();
    } finally {
      this.#thread?.end();
      this.#thread = null;
    }
  }
}

/** Deletes a file that can be made again, if it is there. @throws NAS_WRITE_FAILED */
export function removeFile(file: string): void {
  try {
    // Not rmSync: its error of a read-only file system has no code.
    if (existsSync(file)) unlinkSync(file);
  } catch (cause) {
    throw writeFailure(file, cause);
  }
}

/** Whether a file holds this text already. */
export function holds(file: string, text: string): boolean {
  return existsSync(file) && readFileSync(file, "utf8") === text;
}

/**
 * Deletes pages and assets of earlier builds that this one did not make; files that are not this program's stay.
 * @param kept places below the output folder
 * @throws NAS_WRITE_FAILED
 */
export function removeStale(output: string, folders: readonly string[], kept: ReadonlySet<string>): string[] {
  const removed: string[] = [];
  for (const folder of folders) {
    const whole = path.join(output, folder);
    if (!existsSync(whole)) continue;
    for (const name of readdirSync(whole)) {
      const file = path.join(whole, name);
      if (kept.has(`${folder}/${name}`)) continue;
      const isAsset = folder === "assets" && /^(style|page)\.[0-9a-f]{12}\.(css|js)$/.test(name);
      if (!isAsset && !(name.endsWith(".html") && keyOfPage(file) !== null)) continue;
      removeFile(file);
      removed.push(file);
    }
  }
  return removed;
}
