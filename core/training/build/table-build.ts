import { existsSync } from "node:fs";
import { HarnessError } from "../../errors/harness-error.ts";
import { lockFolder } from "../../files/folder-lock.ts";
import type { SplitImages } from "../trial.ts";
import { type BuildPart, type BuildShard, type BuildTask, partName, shardArchitectures } from "./build-plan.ts";
import { trainAll } from "./build-pool.ts";
import { type FingerprintedPart, fingerprintParts } from "./part-inputs.ts";
import { isTable, readTableTrials } from "./table-trials.ts";
import { type OnCorrupt, readPart, TrialStore } from "./trial-store.ts";

/** Settings of a build. */
export interface BuildOptions {
  /** Where trained trials are kept until the table is assembled; a later call goes on from there. */
  readonly folder: string;
  readonly parts: readonly BuildPart[];
  readonly images: SplitImages;
  readonly jobs: number;
  readonly shard: BuildShard | null;
  /** Work folders of other shards and tables of finished seeds: what they hold is taken over. */
  readonly alsoFrom?: readonly string[];
  /** Representatives to train; all 6,466 classes unless given. */
  readonly architectures?: readonly number[];
  /** True: nothing is trained; what `alsoFrom` holds is taken over. */
  readonly trainsNothing?: boolean;
  readonly signal?: AbortSignal;
  /** Called at the start and after each training; `seconds` is its time, null at the start. */
  readonly onProgress?: (done: number, total: number, seconds: number | null) => void;
  /** Called for each stored trial that can't be read and is trained again. */
  readonly onCorrupt?: OnCorrupt;
}

function requireFolders(folders: readonly string[]): void {
  for (const folder of folders) {
    if (existsSync(folder)) continue;
    throw new HarnessError("NAS_FILE_NOT_FOUND", {
      what: "there is no such folder of finished trainings",
      where: folder,
      next: "name the --work folder of another shard, or a table of this build",
    });
  }
}

/** Copies what was trained elsewhere; the build's own folder may hold shards too. */
function takeOver(
  folders: readonly string[],
  part: FingerprintedPart,
  store: TrialStore,
  wanted: ReadonlySet<number>,
  onCorrupt: OnCorrupt,
): void {
  for (const folder of folders) {
    const trials = isTable(folder) ? readTableTrials(folder, part) : readPart(folder, part, onCorrupt);
    store.add(trials.filter(({ architecture }) => wanted.has(architecture)));
  }
}

/**
 * Trains whatever of a build is missing, part after part, so that a part (one recipe, one seed) is complete as early as it
 * can be. Interrupted at any moment it loses only the trainings that were going on.
 * @returns the number of trainings that are stored and that the shard has
 * @throws NAS_OUTPUT_LOCKED, NAS_RESUME_MISMATCH, NAS_FILE_NOT_FOUND, NAS_WRITE_FAILED and what training throws
 */
export async function buildTrials(options: BuildOptions): Promise<{ done: number; total: number }> {
  const { folder, alsoFrom = [], onCorrupt = () => {} } = options;
  requireFolders(alsoFrom);
  const architecturesOf = (part: BuildPart) =>
    shardArchitectures(options.shard, part.architectures ?? options.architectures);
  const parts = fingerprintParts(options.parts, options.images);
  const lock = lockFolder(folder);
  const stores = new Map<string, TrialStore>();
  try {
    for (const part of parts) {
      const store = new TrialStore(folder, part, options.shard, onCorrupt);
      stores.set(partName(part), store);
      takeOver([folder, ...alsoFrom], part, store, new Set(architecturesOf(part)), onCorrupt);
    }
    const storeOf = (part: BuildPart) => stores.get(partName(part)) as TrialStore;
    const total = parts.reduce((sum, part) => sum + architecturesOf(part).length, 0);
    const tasks = parts.flatMap((part) =>
      architecturesOf(part)
        .filter((architecture) => !storeOf(part).trials.has(architecture))
        .map((architecture): BuildTask => ({ part, architecture })),
    );
    let done = total - tasks.length;
    options.onProgress?.(done, total, null);
    await trainAll(options.trainsNothing === true ? [] : tasks, {
      jobs: options.jobs,
      images: options.images,
      ...(options.signal === undefined ? {} : { signal: options.signal }),
      onTrained: ({ part }, trial, seconds) => {
        storeOf(part).add([trial]);
        done++;
        options.onProgress?.(done, total, seconds);
      },
    });
    return { done, total };
  } finally {
    for (const store of stores.values()) store.close();
    lock.release();
  }
}
