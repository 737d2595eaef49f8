import { HarnessError } from "../errors/harness-error.ts";
import type { NpyArray } from "../files/npy-file.ts";
import { classOf } from "../space/classes.ts";
import { type Architecture, operationsOf } from "../space/codec.ts";
import type { Operation } from "../space/operations.ts";
import type { Network } from "./network.ts";
import { stateDictCells, stateDictName } from "./state-dict-names.ts";
import { trainedEdges } from "./trial.ts";

/** Names that a message lists. */
const LONGEST_LIST = 5;
/** More cells in a stage than anybody trains. */
const MOST_CELLS = 100;

/** Trained weights as a file holds them. */
export interface WeightsFile {
  /** Its name, for messages. */
  readonly file: string;
  readonly arrays: ReadonlyMap<string, NpyArray>;
}

/** How a file names its arrays, and the network that it is of. */
export interface Naming {
  /** The operations that are computed, shape [6]; null where nothing is. */
  readonly edges: readonly (Operation | null)[];
  readonly cellsPerStage: number;
  readonly nameOf: (own: string) => string;
}

/** The error for weights that do not fit. */
export function weightsFault(
  { file }: WeightsFile,
  what: string,
  next = "name the architecture that was trained",
): HarnessError {
  return new HarnessError("NAS_WEIGHTS", { what, where: file, next });
}

/** The first of some names. */
export const listed = (names: readonly string[]) =>
  `${names.slice(0, LONGEST_LIST).join(", ")}${names.length > LONGEST_LIST ? `, and ${names.length - LONGEST_LIST} more` : ""}`;

/** Cells per stage of a file of this project: the largest number in a name, or what the caller knows. */
function ownCells(weights: WeightsFile, known: number | null): number {
  const cells = [...weights.arrays.keys()].flatMap((name) => {
    const [, cell] = /^stage0\.cell(\d{1,4})\./.exec(name) ?? [];
    return cell === undefined ? [] : [Number(cell) + 1];
  });
  if (cells.length > 0) return Math.max(...cells);
  if (known !== null) return known;
  throw weightsFault(weights, "no cell has weights, so the file does not tell how many there are", "say it by --cells");
}

/** Cells per stage, if somebody could have trained so many. */
function checkedCells(weights: WeightsFile, cells: number): number {
  if (cells >= 1 && cells <= MOST_CELLS) return cells;
  throw weightsFault(weights, `the network would have ${cells} cells a stage`, "name another file");
}

/**
 * How a file names the arrays of an architecture's network. The authors' network computes every edge; this project's leaves
 * out those that lead nowhere, and is that of the class's representative.
 * @param cells cells per stage, where a file of this project does not tell
 * @throws NAS_WEIGHTS if these are no weights of such a network
 */
export function namingOf(weights: WeightsFile, architecture: Architecture, cells: number | null): Naming {
  const names = [...weights.arrays.keys()];
  if (names.includes("stem.weights")) {
    const edges = trainedEdges(classOf(architecture));
    return { edges, cellsPerStage: checkedCells(weights, ownCells(weights, cells)), nameOf: (own) => own };
  }
  const cellsPerStage = stateDictCells(names);
  if (!names.includes("stem.0.weight") || cellsPerStage === null) {
    throw weightsFault(
      weights,
      `these are no weights of a NAS-Bench-201 network: ${names.length === 0 ? "there are none" : listed(names)}`,
      "name a file that train --save or weights export has written",
    );
  }
  return {
    edges: operationsOf(architecture),
    cellsPerStage: checkedCells(weights, cellsPerStage),
    nameOf: (own) => stateDictName(own, cellsPerStage),
  };
}

/** Demands that images are ones that a network takes. @throws NAS_WEIGHTS */
export function requireImages(
  weights: WeightsFile,
  { shape }: Network,
  images: { readonly channels: number; readonly classes?: number },
): void {
  const next = "name images like those that it was trained on";
  if (images.channels !== shape.imageChannels) {
    const what = `the network takes images of ${shape.imageChannels} channels; these have ${images.channels}`;
    throw weightsFault(weights, what, next);
  }
  if (images.classes !== undefined && images.classes !== shape.classes) {
    const what = `the network tells ${shape.classes} classes apart; the images have ${images.classes}`;
    throw weightsFault(weights, what, next);
  }
}
