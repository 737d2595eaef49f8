import { hash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { ReplacedFiles, removeFile } from "./page-files.ts";

/** Raised when facts are derived otherwise: what was kept before is then derived anew. */
const FACTS_FORMAT = 1;

/** Facts from earlier builds, by what they were derived from: what a row's runs give, and manifests that were checked. */
export class FactsCache {
  readonly #folder: string;
  readonly #used = new Set<string>();
  readonly #files = new ReplacedFiles();

  /** @param folder made when something is kept */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The name of facts: a hash of everything that they are derived from. */
  static key(parts: readonly string[]): string {
    return hash("sha256", JSON.stringify([FACTS_FORMAT, ...parts]));
  }

  /**
   * The facts of a key: those of an earlier build, or what `derive` gives, which are kept.
   * @throws NAS_WRITE_FAILED and what `derive` throws
   */
  get<Facts>(key: string, derive: () => Facts): Facts {
    this.#used.add(`${key}.json`);
    const file = path.join(this.#folder, `${key}.json`);
    const kept = readFacts<Facts>(file);
    if (kept !== null) return kept;
    const facts = derive();
    this.#files.replace(file, JSON.stringify(facts));
    return facts;
  }

  /** Waits until all is kept. @throws NAS_WRITE_FAILED */
  finish(): void {
    this.#files.finish();
  }

  /** Deletes what this build did not ask for. @throws NAS_WRITE_FAILED */
  sweep(): void {
    if (!existsSync(this.#folder)) return;
    for (const name of readdirSync(this.#folder)) {
      if (!this.#used.has(name)) removeFile(path.join(this.#folder, name));
    }
  }
}

/** Kept facts; null if there are none or the file was damaged: whoever asks derives them anew. */
function readFacts<Facts>(file: string): Facts | null {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Facts;
  } catch {
    return null;
  }
}
