/** Entry of an importing process: reads the units that it is sent and writes a piece of each bunch. */
import { createHash } from "node:crypto";
import { closeSync, openSync, readSync } from "node:fs";
import { HarnessError, messageOf } from "../../errors/harness-error.ts";
import { writeFileAtomic } from "../../files/atomic-file.ts";
import type { SourceUnit, UnitReader, UnitReaderPlace } from "./import-source.ts";
import { encodePiece } from "./piece-file.ts";
import { TrialCollector } from "./trial-collector.ts";

/** Units that are to become a piece. */
export interface PieceTask {
  readonly inputs: string;
  /** First unit, and the one after the last. */
  readonly from: number;
  readonly to: number;
  readonly units: readonly SourceUnit[];
  /** Where the piece goes. */
  readonly file: string;
}

/** Messages to an importing process. */
export type PieceOrder =
  | { readonly type: "reader"; readonly reader: UnitReaderPlace }
  | { readonly type: "task"; readonly task: PieceTask }
  | { readonly type: "stop" };

/** Messages from an importing process. */
export type PieceReport =
  | { readonly type: "ready" }
  | { readonly type: "written"; readonly from: number }
  | { readonly type: "broken"; readonly error: ReturnType<HarnessError["toReport"]> };

let read: UnitReader | null = null;

/** @throws NAS_FILE_UNREADABLE */
function unitBytes({ file, offset, bytes }: SourceUnit): Buffer {
  const buffer = Buffer.alloc(bytes);
  let filled = 0;
  try {
    const handle = openSync(file, "r");
    try {
      while (filled < bytes) {
        const count = readSync(handle, buffer, filled, bytes - filled, offset + filled);
        if (count === 0) break;
        filled += count;
      }
    } finally {
      closeSync(handle);
    }
  } catch (cause) {
    throw new HarnessError("NAS_FILE_UNREADABLE", {
      what: `a file can't be read: ${messageOf(cause)}`,
      where: file,
      cause,
    });
  }
  if (filled === bytes) return buffer;
  throw new HarnessError("NAS_FILE_UNREADABLE", {
    what: `a file became shorter while it was imported: ${filled} bytes instead of ${bytes}`,
    where: file,
    next: "run the command again when nothing writes to it any more",
  });
}

async function writePiece({ inputs, from, to, units, file }: PieceTask): Promise<PieceReport> {
  if (read === null) throw new Error("a task came before the reader");
  const collector = new TrialCollector();
  const unitSha256: string[] = [];
  for (const unit of units) {
    const bytes = unitBytes(unit);
    unitSha256.push(createHash("sha256").update(bytes).digest("hex"));
    for (const trial of await read(bytes, unit.name)) collector.add(trial);
  }
  writeFileAtomic(file, encodePiece(collector, { inputs, from, to, unitSha256 }));
  return { type: "written", from };
}

async function handle(order: PieceOrder): Promise<PieceReport> {
  if (order.type === "stop") process.exit(0);
  if (order.type === "task") return writePiece(order.task);
  const module = (await import(order.reader.module)) as Record<string, UnitReader>;
  read = module[order.reader.name] ?? null;
  return { type: "ready" };
}

// Ctrl-C reaches the whole process group; the parent decides when its workers stop.
process.on("SIGINT", () => {});
process.on("disconnect", () => process.exit(0));
process.on("message", async (order: PieceOrder) => {
  let report: PieceReport;
  try {
    report = await handle(order);
  } catch (thrown) {
    const error =
      thrown instanceof HarnessError ? thrown : new HarnessError("NAS_INTERNAL", { what: messageOf(thrown) });
    report = { type: "broken", error: error.toReport() };
  }
  // The callback: a parent that was killed meanwhile is no error of its own.
  process.send?.(report, undefined, undefined, () => {});
});
