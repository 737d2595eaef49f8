import { createHash } from "node:crypto";
import { copyFileSync } from "node:fs";
import path from "node:path";
import type { SubmittedFile } from "../../schemas/generated/submission.ts";
import { HarnessError } from "../errors/harness-error.ts";
import { makeFolder, writeFailure } from "../files/atomic-file.ts";
import { readBytes } from "../files/json-file.ts";
import { pluginEntries } from "../plugins/plugin-hash.ts";

/** A plugin that is handed in may have so many files and bytes: it is source, and a dataset's images and table. */
export const MOST_FILES = 2000;
/** Bytes of all files together. */
export const MOST_BYTES = 64 * 1024 * 1024;
/** What a path of a handed-in file may consist of: one that means the same on every system. */
const PORTABLE_PATH = /^((?!\.)[A-Za-z0-9._@+-]+\/)*(?!\.)[A-Za-z0-9._@+-]+$/;

function refuse(what: string, where: string, allowed: string): HarnessError {
  return new HarnessError("NAS_SUBMISSION", { what, where, allowed, next: "change the plugin's folder" });
}

/** A file of a plugin as a submission lists it. @throws NAS_FILE_NOT_FOUND, NAS_FILE_UNREADABLE */
export function describeFile(folder: string, place: string): SubmittedFile {
  const bytes = readBytes(path.join(folder, place));
  return { path: place, bytes: bytes.length, sha256: createHash("sha256").update(bytes).digest("hex") };
}

/**
 * The files of a plugin that would be handed in, in order of their paths.
 * @param isPart whether a file is; all are unless given
 * @throws NAS_SUBMISSION for links, names that are not portable, and more or larger files than a submission may have
 */
export function listPluginFiles(folder: string, isPart: (place: string) => boolean = () => true): SubmittedFile[] {
  const entries = pluginEntries(folder).filter(({ place }) => isPart(place));
  const link = entries.find(({ kind }) => kind === "link");
  if (link !== undefined) throw refuse("a link can't be handed in", path.join(folder, link.place), "plain files");
  const odd = entries.find(({ place }) => !PORTABLE_PATH.test(place) || place.length > 300);
  if (odd !== undefined) {
    throw refuse(
      "the file's name is none that every system takes",
      path.join(folder, odd.place),
      "letters, digits and . _ @ + -, at most 300 characters with its folders",
    );
  }
  if (entries.length > MOST_FILES)
    throw refuse(`the plugin has ${entries.length} files`, folder, `${MOST_FILES} at most`);
  const files = entries.map(({ place }) => describeFile(folder, place));
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  if (bytes > MOST_BYTES) throw refuse(`the plugin has ${bytes} bytes`, folder, `${MOST_BYTES} at most`);
  return files;
}

/** Copies files of a plugin into another folder. @throws NAS_WRITE_FAILED */
export function copyPluginFiles(from: string, to: string, files: readonly Pick<SubmittedFile, "path">[]): void {
  for (const { path: place } of files) {
    const target = path.join(to, place);
    makeFolder(path.dirname(target));
    try {
      copyFileSync(path.join(from, place), target);
    } catch (cause) {
      throw writeFailure(target, cause);
    }
  }
}
