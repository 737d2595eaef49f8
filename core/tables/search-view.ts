import { existsSync } from "node:fs";
import path from "node:path";
import type { TableCard } from "../../schemas/generated/table-card.ts";
import { tableCard } from "../../schemas/generated/validators.cjs";
import { HarnessError } from "../errors/harness-error.ts";
import { readDocument } from "../files/json-file.ts";
import type { Architecture } from "../space/codec.ts";
import { readTrials } from "./trial-file.ts";
import { TrialLookup } from "./trial-lookup.ts";
import { TrialParts } from "./trial-parts.ts";

/** Name of the card inside a table's folder. */
export const CARD_NAME = "table.json";

/** A table's folder seen by processes that answer queries: train and validation metrics only. */
export class SearchView {
  readonly folder: string;
  readonly card: TableCard;
  readonly #lookups = new Map<string, TrialLookup>();
  readonly #parts = new Map<string, TrialParts>();

  constructor(folder: string, card: TableCard) {
    this.folder = folder;
    this.card = card;
  }

  /**
   * Train and validation metrics of one (dataset, recipe), read and checked against their hashes at the first call.
   * @throws NAS_NOT_RECORDED, NAS_TABLE_CORRUPT
   */
  trials(dataset: string, recipe: string): TrialLookup {
    const key = `${dataset}/${recipe}`;
    let lookup = this.#lookups.get(key);
    if (lookup === undefined) {
      lookup = new TrialLookup(readTrials(this.folder, this.card, dataset, recipe, "search"), this.card.keyedBy);
      this.#lookups.set(key, lookup);
    }
    return lookup;
  }

  /**
   * Train and validation metrics of one architecture under one (dataset, recipe): of a table in parts only the part is read
   * that holds it. For many architectures in no order, {@link trials} is faster.
   * @throws NAS_NOT_RECORDED, NAS_TABLE_CORRUPT, NAS_ARCHITECTURE_INDEX
   */
  trialsOf(dataset: string, recipe: string, architecture: Architecture): TrialLookup {
    const key = `${dataset}/${recipe}`;
    const whole = this.#lookups.get(key);
    if (whole !== undefined) return whole;
    const parts = this.#parts.get(key) ?? new TrialParts(this.folder, this.card, dataset, recipe, "search");
    this.#parts.set(key, parts);
    return parts.of(architecture);
  }
}

/** Reads a table's card. @throws NAS_TABLE_NOT_FOUND, NAS_JSON, NAS_TABLE_CORRUPT */
export function readCard(folder: string): TableCard {
  const file = path.join(folder, CARD_NAME);
  if (!existsSync(file)) {
    throw new HarnessError("NAS_TABLE_NOT_FOUND", {
      what: `this folder is no benchmark table: it has no ${CARD_NAME}`,
      where: folder,
      next: "name a table's folder, or make one: nas-harness table import --help, nas-harness table build --help",
    });
  }
  return readDocument<TableCard>(file, tableCard, "NAS_TABLE_CORRUPT");
}

/** Opens a table's search view; its Arrow files are read when first asked for. @throws as {@link readCard} */
export function openSearchView(folder: string): SearchView {
  return new SearchView(folder, readCard(folder));
}
