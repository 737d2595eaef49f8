import type { TableCard, TableFile, TableRecipe } from "../../schemas/generated/table-card.ts";
import { classOf } from "../space/classes.ts";
import { type Architecture, checkedIndex } from "../space/codec.ts";
import type { View } from "./column.ts";
import { filesOfView, findRecipe, noTrials, readTrialFile, readTrials } from "./trial-file.ts";
import { TrialLookup } from "./trial-lookup.ts";

/** Parts of one view that are held at a time; a part is about a megabyte. */
const HELD_PARTS = 8;

/** True if every file of a view names the architectures that it holds. */
function areRanges(files: readonly TableFile[]): boolean {
  return files.every(({ architectures }) => architectures !== undefined);
}

/**
 * Looks up one architecture after another in one view of one (dataset, recipe). Of a view whose files hold a range of
 * architectures each, only the file that is needed is read and checked, and the last few are held; any other view is read
 * whole at the first call.
 */
export class TrialParts {
  readonly #folder: string;
  readonly #card: TableCard;
  readonly #place: { readonly dataset: string; readonly recipe: string; readonly view: View };
  readonly #recipe: TableRecipe;
  readonly #files: readonly TableFile[];
  readonly #isParted: boolean;
  /** By file, the one that was used last at the end. */
  readonly #held = new Map<TableFile | null, TrialLookup>();

  /** @throws NAS_NOT_RECORDED */
  constructor(folder: string, card: TableCard, dataset: string, recipe: string, view: View) {
    this.#folder = folder;
    this.#card = card;
    this.#place = { dataset, recipe, view };
    this.#recipe = findRecipe(card, dataset, recipe);
    this.#files = filesOfView(card, dataset, recipe, view);
    this.#isParted = areRanges(this.#files);
  }

  /**
   * A lookup that holds all trials of this architecture; those of others it may lack.
   * @throws NAS_ARCHITECTURE_INDEX, NAS_TABLE_CORRUPT
   */
  of(architecture: Architecture): TrialLookup {
    const file = this.#isParted ? this.#fileOf(architecture) : null;
    const held = this.#held.get(file);
    const lookup = held ?? new TrialLookup(this.#read(file), this.#card.keyedBy);
    this.#held.delete(file);
    this.#held.set(file, lookup);
    if (this.#held.size > HELD_PARTS) this.#held.delete(this.#held.keys().next().value as TableFile | null);
    return lookup;
  }

  #fileOf(architecture: Architecture): TableFile | null {
    const key = this.#card.keyedBy === "class" ? classOf(architecture) : checkedIndex(architecture);
    const holds = ({ architectures: range }: TableFile) =>
      range !== undefined && range.first <= key && key <= range.last;
    return this.#files.find(holds) ?? null;
  }

  #read(file: TableFile | null) {
    const { dataset, recipe, view } = this.#place;
    if (file !== null) return readTrialFile(this.#folder, this.#recipe, file);
    if (this.#isParted) return noTrials(this.#recipe, view);
    return readTrials(this.#folder, this.#card, dataset, recipe, view);
  }
}
