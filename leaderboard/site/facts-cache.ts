import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { removeFile, replaceFile } from "./page-files.ts";

/** Raised when facts are derived otherwise: what was kept before is then derived anew. */
const FACTS_FORMAT = 1;

/** Facts from earlier builds, by what they were derived from: what a row's runs give, and manifests that were checked. */
export class FactsCache {
  readonly #folder: string;
  readonly #used = new Set<string>();

  /** @param folder made when something is kept */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The name of facts: a hash of everything that they are derived from. */
  static key(parts: readonly string[]): string {
    return createHash("sha256")
      .update(JSON.stringify([FACTS_FORMAT, ...parts]))
      .digest("hex");
  }

  /**
   * The facts of a key: those of an earlier build, or what `derive` gives, which are kept.
   * @throws NAS_WRITE_FAILED and what `derive` throws
   */
  get<Facts>(key: string, derive: () => Facts): Facts {
    this.#used.add(`${key}.json`);
    const file = path.join(this.#folder, `${key}.json`);
    const kept = existsSync(file) ? readFacts<Facts>(file) : null;
    if (kept !== null) return kept;
    const facts = derive();
    replaceFile(file, JSON.stringify(facts));
    return facts;
  }

  /** Deletes what this build did not ask for. @throws NAS_WRITE_FAILED */
  sweep(): void {
    if (!existsSync(this.#folder)) return;
    for (const name of readdirSync(this.#folder)) {
      if (!this.#used.has(name)) removeFile(path.join(this.#folder, name));
    }
  }
}

/** Kept facts; null if the file was damaged: whoever asks derives them anew. */
function readFacts<Facts>(file: string): Facts | null {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Facts;
  } catch {
    return null;
  }
}
