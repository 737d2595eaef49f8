import type { UnitSource } from "./import-source.ts";
import { writePieces } from "./piece-pool.ts";
import type { PieceTask } from "./piece-worker.ts";
import type { WorkFolder } from "./work-folder.ts";

/** Units a piece: so few that an interruption costs seconds, so many that pieces are megabytes. */
const UNITS_PER_PIECE = 50;

/** How pieces of units are made. */
export interface UnitReading {
  readonly jobs: number;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress: (done: number, total: number) => void;
}

/** Makes the pieces that are missing, in processes. @throws what their reader throws, and what `writePieces` throws */
export async function readUnits(source: UnitSource, inputs: string, work: WorkFolder, reading: UnitReading) {
  const { units, reader } = source;
  const tasks: PieceTask[] = [];
  let done = 0;
  for (let from = 0; from < units.length; from += UNITS_PER_PIECE) {
    const to = Math.min(from + UNITS_PER_PIECE, units.length);
    if (work.pieceFrom(from) !== undefined) done += to - from;
    else tasks.push({ inputs, from, to, units: units.slice(from, to), file: work.fileOf(from) });
  }
  reading.onProgress(done, units.length);
  await writePieces(tasks, {
    jobs: reading.jobs,
    reader,
    signal: reading.signal,
    onWritten: ({ from, to }) => {
      work.add(from);
      done += to - from;
      reading.onProgress(done, units.length);
    },
  });
}
