import { writeFileAtomic } from "../../files/atomic-file.ts";
import type { StreamSource } from "./import-source.ts";
import { encodePiece } from "./piece-file.ts";
import { TrialCollector } from "./trial-collector.ts";
import type { WorkFolder } from "./work-folder.ts";

/** Values a piece: about two megabytes of float32, some dozens of architectures. */
const VALUES_PER_PIECE = 500_000;

/** How pieces of a stream are made. */
export interface StreamReading {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress: (done: number, total: number) => void;
}

/** Number of batches that unbroken pieces at the stream's beginning hold. */
function batchesDone(work: WorkFolder): number {
  let done = 0;
  for (let piece = work.pieceFrom(0); piece !== undefined; piece = work.pieceFrom(done)) done = piece.header.to;
  return done;
}

/**
 * Reads a stream and makes the pieces that are missing. What earlier attempts made is not converted again; a piece that is
 * missing between others is made from the same batches.
 * @throws what the source's reader throws; NAS_WRITE_FAILED
 */
export async function readStream(source: StreamSource, inputs: string, work: WorkFolder, reading: StreamReading) {
  const skip = batchesDone(work);
  if (work.streamEnd === skip) return;
  let [batch, from] = [0, skip];
  let collector = new TrialCollector();
  const close = () => {
    if (from === batch) return;
    const known = work.pieceFrom(from);
    if (known === undefined || known.header.to !== batch) {
      writeFileAtomic(work.fileOf(from), encodePiece(collector, { inputs, from, to: batch, unitSha256: [] }));
      work.add(from);
    }
    collector = new TrialCollector();
    from = batch;
  };
  for await (const trials of source.open(skip)) {
    reading.signal?.throwIfAborted();
    batch++;
    reading.onProgress(batch, source.batches ?? batch);
    if (batch <= skip) continue;
    for (const trial of trials) collector.add(trial);
    if (collector.values < VALUES_PER_PIECE) continue;
    close();
    // A reader that never waits would keep Ctrl-C from being heard.
    await new Promise(setImmediate);
  }
  close();
  work.endStream(batch, source.findings?.() ?? []);
}
