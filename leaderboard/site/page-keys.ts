import { existsSync, readdirSync, readFileSync, type Stats, statSync } from "node:fs";
import path from "node:path";
import { keyOfPage, replaceFile } from "./page-files.ts";

/** Raised when the file is written otherwise: what was kept before is then of no use. */
const FORMAT = 1;

/** A page's key, and size and time of change of its file when the key was in it. */
type KnownPage = readonly [key: string, size: number, changedMs: number];

/** Pages that earlier builds made, by place. */
function readKnown(file: string): Map<string, KnownPage> {
  if (!existsSync(file)) return new Map();
  try {
    const { format, pages } = JSON.parse(readFileSync(file, "utf8")) as { format: number; pages: object };
    return new Map(format === FORMAT ? Object.entries(pages) : []);
  } catch {
    // A damaged file: keys are read from the pages.
    return new Map();
  }
}

const statOf = (file: string): Stats | undefined => statSync(file, { throwIfNoEntry: false });

/** Places of the files in a site's folders: a look at each file that is not there takes long while others are written. */
function placesIn(output: string, folders: readonly string[]): Set<string> {
  const filesIn = (folder: string) =>
    readdirSync(path.join(output, folder), { withFileTypes: true }).filter((entry) => entry.isFile());
  const present = folders.filter((folder) => statOf(path.join(output, folder))?.isDirectory() === true);
  return new Set(present.flatMap((folder) => filesIn(folder).map(({ name }) => `${folder}/${name}`)));
}

/**
 * Keys of a site's pages by place. Each stands at the end of its page; the ones of pages that did not change since are kept in
 * one file besides, since opening sixteen thousand pages takes longer than looking at their sizes and times.
 */
export class PageKeys {
  readonly #output: string;
  readonly #file: string;
  readonly #present: Set<string>;
  readonly #before: Map<string, KnownPage>;
  readonly #now = new Map<string, KnownPage>();
  #isSame = true;

  /**
   * @param output the site's folder
   * @param folders those inside it that hold pages
   * @param file where keys are kept between builds
   */
  constructor(output: string, folders: readonly string[], file: string) {
    this.#output = output;
    this.#present = placesIn(output, folders);
    this.#file = file;
    this.#before = readKnown(file);
  }

  /** Whether the page at a place is there, whole, and made from what has this key. */
  has(place: string, key: string): boolean {
    const file = path.join(this.#output, place);
    const stat = this.#present.has(place) ? statOf(file) : undefined;
    if (stat === undefined) return false;
    const known = this.#before.get(place);
    if (known?.[1] === stat.size && known[2] === stat.mtimeMs) {
      if (known[0] === key) this.#now.set(place, known);
      return known[0] === key;
    }
    const isSame = keyOfPage(file) === key;
    if (isSame) this.#keep(place, key, stat);
    return isSame;
  }

  #keep(place: string, key: string, stat: Stats): void {
    this.#isSame = false;
    this.#now.set(place, [key, stat.size, stat.mtimeMs]);
  }

  /**
   * Keeps the keys that {@link has} found, and those of pages that were put to their places since.
   * @param written keys by place
   * @throws NAS_WRITE_FAILED
   */
  save(written: ReadonlyMap<string, string>): void {
    for (const [place, key] of written) {
      const stat = statOf(path.join(this.#output, place));
      if (stat !== undefined) this.#keep(place, key, stat);
    }
    if (this.#isSame && this.#now.size === this.#before.size) return;
    replaceFile(this.#file, JSON.stringify({ format: FORMAT, pages: Object.fromEntries(this.#now) }));
  }
}
