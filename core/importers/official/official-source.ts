import { statSync } from "node:fs";
import { unpackBzip2Stream } from "../../files/bzip2/bzip2-stream.ts";
import type { OfficialTrial } from "../official-trial.ts";
import { isBzip2 } from "./architecture-file.ts";
import { readFailure } from "./file-bytes.ts";
import { type BytesRead, fileChunks, fileHead } from "./file-chunks.ts";
import { readOfficialFolder } from "./official-folder.ts";
import { OfficialPlace } from "./official-place.ts";
import { isTar, readOfficialTar } from "./official-tar.ts";
import { isLegacyTorch, isZip, legacyTorchFile, zipTorchFile } from "./torch-container.ts";
import { readWholeFile } from "./whole-file.ts";

/**
 * Kinds of official data: a folder of one file an architecture or its tar archive (NATS-Bench), one file with all of them
 * (NATS-Bench, packed with bzip2 or not), torch's containers (NAS-Bench-201 v1_0, v1_1).
 */
export type OfficialKind = "folder" | "tar" | "bzip2" | "pickle" | "torch-legacy" | "torch-zip";

const HEAD_BYTES = 512;
const PROTO = 0x80;

/**
 * What kind of official data a path is, by its first bytes, whatever its name.
 * @throws NAS_OFFICIAL_FILE if it is none, NAS_FILE_NOT_FOUND, NAS_FILE_UNREADABLE
 */
export async function officialKind(path: string): Promise<OfficialKind> {
  try {
    if (statSync(path).isDirectory()) return "folder";
  } catch (thrown) {
    throw readFailure(path, thrown);
  }
  const head = await fileHead(path, HEAD_BYTES);
  if (isBzip2(head)) return "bzip2";
  if (isZip(head)) return "torch-zip";
  if (isTar(head)) return "tar";
  if (isLegacyTorch(head)) return "torch-legacy";
  if (head[0] === PROTO) return "pickle";
  const allowed = "a folder of files such as 000011.pickle.pbz2, its .tar, a .pickle.pbz2 file, or a .pth file";
  throw new OfficialPlace(path).fault("this is no official file", allowed);
}

/**
 * The trials of official data of any kind, one batch an architecture. Batches come in the data's order; those of a folder by
 * index.
 * @param onRead told how many bytes of the file were read; not of a folder
 * @throws NAS_OFFICIAL_FILE, NAS_FILE_NOT_FOUND, NAS_FILE_UNREADABLE, NAS_BZIP, NAS_ZIP, NAS_PICKLE, NAS_DOWNLOAD (tar)
 */
export async function* readOfficial(path: string, onRead?: BytesRead): AsyncGenerator<readonly OfficialTrial[]> {
  const chunks = () => fileChunks(path, onRead);
  switch (await officialKind(path)) {
    case "folder":
      return yield* readOfficialFolder(path);
    case "tar":
      return yield* readOfficialTar(path, onRead);
    case "bzip2":
      return yield* readWholeFile({ file: path, open: () => unpackBzip2Stream(chunks(), path) });
    case "pickle":
      return yield* readWholeFile({ file: path, open: chunks });
    case "torch-legacy":
      return yield* readWholeFile(legacyTorchFile(path, onRead));
    case "torch-zip":
      return yield* readWholeFile(zipTorchFile(path, onRead));
  }
}
