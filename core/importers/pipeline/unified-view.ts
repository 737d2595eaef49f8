import { HarnessError } from "../../errors/harness-error.ts";
import {
  itemsPerRow,
  METRIC_NAMES,
  METRIC_VIEWS,
  type MetricColumn,
  type MetricName,
  type TrialTable,
  type View,
} from "../../tables/column.ts";
import { concatenateRows, sortTrials } from "../../tables/trial-order.ts";
import type { OfficialDataset } from "../official-trial.ts";
import { type Piece, type PieceSection, readSection } from "./piece-file.ts";

/** A section and the piece that it is in. */
interface PlacedSection {
  readonly piece: Piece;
  readonly section: PieceSection;
}

type Epochs = MetricColumn["epochs"];

/** One view of one (dataset, recipe), spread over pieces, and the columns that hold all of them. */
export interface UnifiedView {
  readonly dataset: OfficialDataset;
  readonly recipe: string;
  /** Epochs of the whole schedule. */
  readonly epochs: number;
  readonly view: View;
  readonly columns: readonly { readonly name: MetricName; readonly epochs: Epochs }[];
  readonly sections: readonly PlacedSection[];
}

/** Epochs from 1 to the last one of a schedule. */
function allEpochs(epochs: number): number[] {
  return Array.from({ length: epochs }, (_, at) => at + 1);
}

/** The epochs of a column that holds several: "constant" only if each is. */
function unifyEpochs(parts: readonly Epochs[], epochs: number): Epochs {
  if (parts.every((part) => part === "constant")) return "constant";
  const all = parts.flatMap((part) => (part === "constant" ? allEpochs(epochs) : part));
  return [...new Set(all)].sort((a, b) => a - b);
}

function unify(sections: readonly PlacedSection[]): UnifiedView {
  const { dataset, recipe, epochs, view } = (sections[0] as PlacedSection).section;
  for (const { section } of sections) {
    if (section.epochs === epochs) continue;
    throw new HarnessError("NAS_IMPORT", {
      what: `trainings of ${dataset}/${recipe} have ${epochs} epochs and ${section.epochs}`,
      allowed: "one schedule a dataset and recipe",
      next: "import files that belong together",
    });
  }
  const columns = METRIC_NAMES.filter((name) => METRIC_VIEWS[name] === view).flatMap((name) => {
    const own = sections.flatMap(({ section }) => section.columns.filter((column) => column.name === name));
    return own.length === 0
      ? []
      : [
          {
            name,
            epochs: unifyEpochs(
              own.map((column) => column.epochs),
              epochs,
            ),
          },
        ];
  });
  return { dataset, recipe, epochs, view, columns, sections };
}

/** The views of all pieces, in ascending order of their names. @throws NAS_IMPORT if two schedules have one name */
export function unifiedViews(pieces: readonly Piece[]): UnifiedView[] {
  const placed = pieces.flatMap((piece) => piece.header.sections.map((section) => ({ piece, section })));
  const keyOf = ({ section }: PlacedSection) => `${section.dataset}/${section.recipe}/${section.view}`;
  const groups = [...Map.groupBy(placed, keyOf)].sort(([a], [b]) => (a < b ? -1 : 1));
  return groups.map(([, sections]) => unify(sections));
}

/** A column that is being filled, section after section. */
class FillingColumn {
  readonly column: { readonly name: MetricName; readonly epochs: Epochs };
  readonly values: Float32Array;
  #recorded: Uint8Array | null = null;
  readonly #items: number;

  constructor(column: { readonly name: MetricName; readonly epochs: Epochs }, rows: number) {
    this.column = column;
    this.#items = itemsPerRow(column);
    this.values = new Float32Array(rows * this.#items);
  }

  /** Takes over the rows of a section; `part` is its column, or undefined if it has none. */
  fill(start: number, rows: number, part: MetricColumn | undefined): void {
    const from = start * this.#items;
    if (part === undefined) {
      this.#flags().fill(0, from, from + rows * this.#items);
      return;
    }
    const sources = this.#sourcesOf(part);
    if (sources === null) {
      this.values.set(part.values, from);
      if (part.recorded !== null) this.#flags().set(part.recorded, from);
      return;
    }
    const width = itemsPerRow(part);
    for (let row = 0; row < rows; row++) {
      sources.forEach((source, item) => {
        const [at, to] = [row * width + source, from + row * this.#items + item];
        if (source >= 0 && part.recorded?.[at] !== 0) this.values[to] = part.values[at] as number;
        else this.#flags()[to] = 0;
      });
    }
  }

  /** The whole column. */
  done(): MetricColumn {
    return { ...this.column, values: this.values, recorded: this.#recorded };
  }

  /** For each item of this column, the item of a section's that it comes from, or -1; null: they are the same. */
  #sourcesOf({ epochs }: MetricColumn): number[] | null {
    const own = this.column.epochs;
    if (own === "constant" || epochs === "constant") {
      // Where this one is constant, every section is.
      return own === epochs ? null : (own as readonly number[]).map(() => 0);
    }
    if (own.length === epochs.length) return null;
    const items = new Map(epochs.map((epoch, item) => [epoch, item]));
    return own.map((epoch) => items.get(epoch) ?? -1);
  }

  #flags(): Uint8Array {
    this.#recorded ??= new Uint8Array(this.values.length).fill(1);
    return this.#recorded;
  }
}

/** @throws NAS_IMPORT if a training is there twice */
function requireDistinct({ dataset, recipe }: UnifiedView, { rows }: TrialTable): void {
  for (let row = 1; row < rows.architecture.length; row++) {
    const isSame =
      rows.architecture[row] === rows.architecture[row - 1] && rows.trialSeed[row] === rows.trialSeed[row - 1];
    if (!isSame) continue;
    throw new HarnessError("NAS_IMPORT", {
      what: `architecture ${rows.architecture[row]} has two trainings of ${dataset}/${recipe} with seed ${rows.trialSeed[row]}`,
      allowed: "one training an architecture, dataset, recipe and seed",
      next: "import files that do not overlap",
    });
  }
}

/**
 * Reads a view from its pieces, one after the other, into one table in order.
 * @throws NAS_IMPORT if a training is there twice, NAS_INTERNAL if a piece has changed since it was checked
 */
export function loadView(unified: UnifiedView): TrialTable {
  const total = unified.sections.reduce((sum, { section }) => sum + section.rows, 0);
  const columns = unified.columns.map((column) => new FillingColumn(column, total));
  const rows: TrialTable["rows"][] = [];
  let start = 0;
  for (const { piece, section } of unified.sections) {
    const table = readSection(piece, section);
    if (table === null) {
      throw new HarnessError("NAS_INTERNAL", {
        what: "a piece of the import has changed since it was checked",
        where: piece.file,
        next: "run the same command again: the piece is made again, the others are kept",
      });
    }
    for (const filling of columns) {
      const part = table.columns.find(({ name }) => name === filling.column.name);
      filling.fill(start, section.rows, part);
    }
    rows.push(table.rows);
    start += section.rows;
  }
  const sorted = sortTrials({ rows: concatenateRows(rows), columns: columns.map((column) => column.done()) });
  requireDistinct(unified, sorted);
  return sorted;
}
