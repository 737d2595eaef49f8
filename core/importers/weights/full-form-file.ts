import { statSync } from "node:fs";
import path from "node:path";
import { HarnessError } from "../../errors/harness-error.ts";
import { readBytes, readFailure } from "../../files/json-file.ts";
import { PickleDict, type PickleValue } from "../../files/pickle/pickle-values.ts";
import type { Architecture } from "../../space/codec.ts";
import { readOfficialBytes } from "../official/architecture-file.ts";
import { rawRecipes } from "../official/architecture-results.ts";
import { OfficialPlace } from "../official/official-place.ts";
import { officialDataset } from "../official/official-splits.ts";
import type { OfficialDataset } from "../official-trial.ts";
import { isTorchFile, plainTorchPickle, readTorchFile } from "./torch-file.ts";

/** A file of one architecture with weights has 60 million bytes or less; the files of all architectures have none. */
const MOST_BYTES = 1 << 30;

/** One training of a full-form file, with its weights as the file has them. */
export interface StoredTraining {
  readonly dataset: OfficialDataset;
  /** `12-epochs` or `200-epochs`. */
  readonly recipe: string;
  readonly seed: number;
  /** The state dict; null if the file holds none. */
  readonly state: PickleValue;
}

/** Names that a file of this architecture can have. */
function fileNames(architecture: Architecture): string[] {
  const index = String(architecture).padStart(6, "0");
  return [`${index}.pickle.pbz2`, `${index}-FULL.pth`];
}

function sizeOf(file: string): { isFolder: boolean; bytes: number } | null {
  try {
    const stat = statSync(file);
    return { isFolder: stat.isDirectory(), bytes: stat.size };
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw readFailure(file, cause);
  }
}

/**
 * The file of an architecture: the one that was named, or the one in the folder that was.
 * @throws NAS_FILE_NOT_FOUND, NAS_FILE_UNREADABLE; NAS_WEIGHTS if it is too large to be the file of one architecture
 */
export function findFullFormFile(from: string, architecture: Architecture): string {
  const named = sizeOf(from);
  const names = fileNames(architecture);
  const candidates = named?.isFolder === true ? names.map((name) => path.join(from, name)) : [from];
  for (const file of candidates) {
    const found = sizeOf(file);
    if (found === null) continue;
    if (found.bytes <= MOST_BYTES) return file;
    throw new HarnessError("NAS_WEIGHTS", {
      what: `a file of ${found.bytes} bytes is that of all architectures, which holds no weights`,
      where: file,
      allowed: `a full-form file of one architecture: ${names.join(" or ")}`,
      next: "name the folder of the full form (NATS-tss-v1_0-3ffb9-full, or NAS-Bench-201's archive)",
    });
  }
  throw new HarnessError("NAS_FILE_NOT_FOUND", {
    what: named === null ? "there is no such file or folder" : `the folder has no file of architecture ${architecture}`,
    where: from,
    allowed: names.join(" or "),
    next: "check the path, or fetch the full form (nas-harness table fetch --help)",
  });
}

/** Demands that a file is of the architecture that was asked for. @throws NAS_WEIGHTS */
function requireArchitecture(value: PickleValue, architecture: Architecture, file: string): void {
  const results = value instanceof PickleDict ? value.values[0] : undefined;
  const index = results instanceof PickleDict ? results.get("arch_index") : undefined;
  if (!Number.isInteger(index) || index === architecture) return;
  throw new HarnessError("NAS_WEIGHTS", {
    what: `the file is of architecture ${String(index)}, not of ${architecture}`,
    where: file,
    allowed: fileNames(architecture).join(" or "),
    next: "name the other architecture, the other file, or the folder of all files",
  });
}

/**
 * The trainings of an architecture in a full-form file: of NATS-Bench (`NNNNNN.pickle.pbz2`, a pickle packed with bzip2) or of
 * NAS-Bench-201's archive (`NNNNNN-FULL.pth`, written by torch.save). Recipes, datasets and seeds come in the file's order.
 * @throws NAS_FILE_NOT_FOUND, NAS_FILE_UNREADABLE, NAS_BZIP2, NAS_PICKLE, NAS_OFFICIAL_FILE; NAS_WEIGHTS if it is of another
 * architecture
 */
export async function readFullForm(file: string, architecture: Architecture): Promise<readonly StoredTraining[]> {
  const bytes = readBytes(file);
  const value = isTorchFile(bytes)
    ? readTorchFile(bytes, file)
    : await readOfficialBytes(bytes, file, plainTorchPickle(file));
  requireArchitecture(value, architecture, file);
  return rawRecipes(value, architecture, new OfficialPlace(file)).flatMap(({ recipe, trials }) =>
    trials.map(({ dataset, seed, result, place }) => {
      if (!(result instanceof PickleDict)) throw place.fault("the training is no dict");
      const state = result.get("net_state_dict") ?? null;
      return { dataset: officialDataset(dataset) as OfficialDataset, recipe, seed, state };
    }),
  );
}
