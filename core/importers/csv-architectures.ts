import type { CsvArchitectureColumns } from "../../schemas/generated/csv-mapping.ts";
import { HarnessError } from "../errors/harness-error.ts";
import { type Architecture, checkedIndex, formatArchitecture, parseArchitecture } from "../space/codec.ts";
import { ARCHITECTURE_COUNT } from "../space/operations.ts";
import { type CsvCells, placeOf } from "./csv-cells.ts";
import type { CsvRow } from "./csv-rows.ts";

/** Finds the architecture of each row and makes sure that each of the 15,625 comes exactly once. */
export class CsvArchitectures {
  readonly #file: string;
  readonly #columns: CsvArchitectureColumns;
  /** Row number of each architecture, 0: not seen yet. Shape [15625]. */
  readonly #rowOf = new Uint32Array(ARCHITECTURE_COUNT);

  constructor(file: string, columns: CsvArchitectureColumns) {
    this.#file = file;
    this.#columns = columns;
  }

  /**
   * The architecture that a row is about.
   * @throws NAS_ARCHITECTURE_INDEX, NAS_ARCHITECTURE_SYNTAX, NAS_CSV_ARCHITECTURES (index and string disagree, or the
   * architecture came before)
   */
  read(row: CsvRow, cells: CsvCells): Architecture {
    const { index, string } = this.#columns;
    const byIndex = index === undefined ? null : this.#parse(row, index, cells.text(row, index), parseIndex);
    const byString = string === undefined ? null : this.#parse(row, string, cells.text(row, string), parseArchitecture);
    const architecture = (byIndex ?? byString) as Architecture;
    if (byString !== null && byString !== architecture) {
      throw new HarnessError("NAS_CSV_ARCHITECTURES", {
        what: `index ${architecture} and the architecture string disagree`,
        where: `${placeOf(this.#file, row)}, columns ${index} and ${string}`,
        allowed: `index ${architecture} is ${formatArchitecture(architecture)}\nthe string's index is ${byString}`,
        next: "correct the file; the index is the benchmark's official one",
      });
    }
    const before = this.#rowOf[architecture] as number;
    if (before > 0) {
      throw new HarnessError("NAS_CSV_ARCHITECTURES", {
        what: `architecture ${architecture} stands there twice, in row ${before} and in row ${row.row}`,
        where: placeOf(this.#file, row),
        allowed: `each of the ${ARCHITECTURE_COUNT} architectures exactly once`,
        next: "remove one of the rows",
      });
    }
    this.#rowOf[architecture] = row.row;
    return architecture;
  }

  /** Demands that no architecture is missing. @throws NAS_CSV_ARCHITECTURES naming how many and the first one */
  requireAll(): void {
    const first = this.#rowOf.indexOf(0);
    if (first < 0) return;
    const missing = this.#rowOf.reduce((count, row) => (row === 0 ? count + 1 : count), 0);
    const subject = missing === 1 ? "1 architecture is" : `${missing} architectures are`;
    throw new HarnessError("NAS_CSV_ARCHITECTURES", {
      what: `${subject} missing: the file has ${ARCHITECTURE_COUNT - missing} rows`,
      where: `${this.#file}\nthe first missing one is ${first}, ${formatArchitecture(first)}`,
      allowed: `each of the ${ARCHITECTURE_COUNT} architectures exactly once`,
      next: "use the whole file; a part of the space is no benchmark table",
    });
  }

  /** Parses a cell; the error of the space says what is wrong, this adds where. */
  #parse(row: CsvRow, column: string, text: string, parse: (text: string) => Architecture): Architecture {
    try {
      return parse(text);
    } catch (error) {
      if (!(error instanceof HarnessError)) throw error;
      const place = `${placeOf(this.#file, row)}, column ${column}`;
      const { where } = error.details;
      throw new HarnessError(error.code, {
        ...error.details,
        where: where === undefined ? place : `${place}\n${where}`,
      });
    }
  }
}

function parseIndex(text: string): Architecture {
  return checkedIndex(/^\d{1,9}$/.test(text) ? Number(text) : Number.NaN, text === "" ? "an empty cell" : text);
}
