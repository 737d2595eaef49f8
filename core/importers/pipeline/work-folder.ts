import { existsSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";
import { HarnessError } from "../../errors/harness-error.ts";
import { makeFolder, writeFailure, writeFileAtomic } from "../../files/atomic-file.ts";
import { type FolderLock, lockFolder } from "../../files/folder-lock.ts";
import { readTextFile } from "../../files/json-file.ts";
import { removeLeftovers } from "../../files/leftovers.ts";
import type { Finding } from "../findings.ts";
import { openPiece, type Piece } from "./piece-file.ts";

/** Tells that a folder is a work folder, and of which inputs. */
const INPUTS_NAME = "import-inputs.txt";
/** Written when a stream has come to its end: how many batches it had. */
const END_NAME = "stream-end.txt";
const PIECE_NAME = /^piece-(\d{6,})\.bin$/;
const NUMBER_WIDTH = 6;

/** The folder beside a table in which an import keeps what it has done. */
export function workFolderOf(table: string): string {
  return `${path.resolve(table)}.import`;
}

/**
 * What an import has done so far: pieces, each of a stretch of the inputs. Locked while it is open. Pieces of other inputs are
 * removed; broken ones are too, and made again.
 */
export class WorkFolder {
  readonly folder: string;
  readonly #inputs: string;
  readonly #lock: FolderLock;
  /** By the unit or batch that they begin with. */
  readonly #pieces = new Map<number, Piece>();
  /** Pieces that were found broken. */
  readonly broken: readonly string[];

  /**
   * @param inputs what identifies the inputs, in hexadecimal
   * @throws NAS_OUTPUT_EXISTS for a folder of anything else, NAS_OUTPUT_LOCKED, NAS_WRITE_FAILED
   */
  constructor(folder: string, inputs: string) {
    this.folder = folder;
    this.#inputs = inputs;
    requireWorkFolder(folder);
    this.#lock = lockFolder(folder);
    try {
      const note = path.join(folder, INPUTS_NAME);
      if (!existsSync(note) || readTextFile(note).trim() !== inputs) {
        // The note goes first: whatever a kill leaves of the old pieces names other inputs and is removed below.
        writeFileAtomic(note, `${inputs}\n`);
        this.#remove(END_NAME);
      }
      this.broken = this.#findPieces();
    } catch (error) {
      this.#lock.release();
      throw error;
    }
  }

  /** The pieces in the order of the inputs. */
  get pieces(): readonly Piece[] {
    return [...this.#pieces].sort(([a], [b]) => a - b).map(([, piece]) => piece);
  }

  /** The piece that begins with this unit or batch. */
  pieceFrom(from: number): Piece | undefined {
    return this.#pieces.get(from);
  }

  /** Where the piece that begins with this unit or batch belongs. */
  fileOf(from: number): string {
    return path.join(this.folder, `piece-${String(from).padStart(NUMBER_WIDTH, "0")}.bin`);
  }

  /** Takes over a piece that was written to its place. @throws NAS_INTERNAL if it is none */
  add(from: number): Piece {
    const piece = openPiece(this.fileOf(from));
    if (piece === null || piece.header.inputs !== this.#inputs || piece.header.from !== from) {
      throw new HarnessError("NAS_INTERNAL", {
        what: "a piece that was just written can't be read",
        where: this.fileOf(from),
        next: "check the disk, then run the same command again: finished pieces are kept",
      });
    }
    this.#pieces.set(from, piece);
    return piece;
  }

  /** Number of batches of a stream that was read to its end; null: it was not. */
  get streamEnd(): number | null {
    return this.#end()?.batches ?? null;
  }

  /** What the stream's reader found odd; none where it was not read to its end. */
  get findings(): readonly Finding[] {
    return this.#end()?.findings ?? [];
  }

  /** Notes that a stream was read to its end, and what its reader found odd. @throws NAS_WRITE_FAILED */
  endStream(batches: number, findings: readonly Finding[]): void {
    writeFileAtomic(path.join(this.folder, END_NAME), `${this.#inputs} ${batches}\n${JSON.stringify(findings)}\n`);
  }

  #end(): { batches: number; findings: readonly Finding[] } | null {
    const file = path.join(this.folder, END_NAME);
    if (!existsSync(file)) return null;
    const [first = "", findings = "[]"] = readTextFile(file).split("\n");
    const [inputs, batches] = first.split(" ");
    return inputs === this.#inputs ? { batches: Number(batches), findings: JSON.parse(findings) as Finding[] } : null;
  }

  /** Gives the lock back; the pieces stay for the next attempt. */
  close(): void {
    this.#lock.release();
  }

  /** Removes the folder: the table is there. @throws NAS_WRITE_FAILED */
  discard(): void {
    // The lock goes with it; were it given back before, another import could begin in a folder that vanishes.
    try {
      rmSync(this.folder, { recursive: true, force: true });
    } catch (cause) {
      throw writeFailure(this.folder, cause);
    }
  }

  #findPieces(): string[] {
    const names = readdirSync(this.folder)
      .sort()
      .filter((name) => PIECE_NAME.test(name));
    const broken: string[] = [];
    for (const name of names) {
      const from = Number(PIECE_NAME.exec(name)?.[1]);
      const piece = openPiece(path.join(this.folder, name));
      if (piece?.header.inputs === this.#inputs && piece.header.from === from) {
        this.#pieces.set(from, piece);
        continue;
      }
      if (piece === null) broken.push(name);
      this.#remove(name);
    }
    const known = readdirSync(this.folder).map((name) => name.replace(/\.\d+\.tmp$/, ""));
    removeLeftovers(this.folder, [...new Set(known)]);
    return broken;
  }

  #remove(name: string): void {
    const file = path.join(this.folder, name);
    try {
      rmSync(file, { force: true });
    } catch (cause) {
      throw writeFailure(file, cause);
    }
  }
}

/** Demands that a folder does not exist, is empty, or is a work folder: nothing else is ever written to or removed. */
function requireWorkFolder(folder: string): void {
  try {
    makeFolder(folder);
  } catch (cause) {
    throw writeFailure(folder, cause);
  }
  const names = readdirSync(folder);
  const isOther = names.some((name) => !name.startsWith(".lock") && !name.startsWith(INPUTS_NAME));
  if (!isOther || names.includes(INPUTS_NAME)) return;
  throw new HarnessError("NAS_OUTPUT_EXISTS", {
    what: "the folder in which the import keeps what it has done exists already and holds something else",
    where: folder,
    next: "move it away, or name another --output",
  });
}
