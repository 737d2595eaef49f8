import path from "node:path";
import type { FileDigests } from "../../downloads/file-digest.ts";
import { HarnessError } from "../../errors/harness-error.ts";

/** The digits of a checksum in a file's name, and the checksum of the file that they belong to. */
export interface NameChecksum {
  /** As in the name. */
  readonly digits: string;
  readonly algorithm: "MD5" | "SHA-256";
  /** Of the file, in hexadecimal. */
  readonly checksum: string;
}

/**
 * Names of the published files with the digits at their end (AutoDL-Projects `exps/NATS-Bench/tss-collect.py`; README of
 * NAS-Bench-201: "the last six digits for this file"; NNI `nni.common.blob_utils`, which compares the SHA-256 with those of its database).
 */
const PUBLISHED_NAME =
  /^(?:NAS-Bench-201-v\d+_\d+-(?=.*\.pth$)|NATS-[ts]ss-v\d+_\d+-(?=.*\.pickle\.pbz2$)|nasbench201-(?=.*\.db$))([0-9a-f]{5,8})\.(?:pth|pickle\.pbz2|db)$/;

/** The digits in a published file's name; null for any other name. */
export function digitsInName(file: string): string | null {
  return PUBLISHED_NAME.exec(path.basename(file))?.[1] ?? null;
}

/**
 * Compares a file with the digits in its name, which are the beginning or the end of a checksum.
 * @throws NAS_IMPORT if they are neither of its MD5 nor of its SHA-256
 */
export function compareWithName(file: string, { md5, sha256 }: FileDigests): NameChecksum | null {
  const digits = digitsInName(file);
  if (digits === null) return null;
  const candidates = [
    { algorithm: "MD5", checksum: md5 },
    { algorithm: "SHA-256", checksum: sha256 },
  ] as const;
  const found = candidates.find(({ checksum }) => checksum.startsWith(digits) || checksum.endsWith(digits));
  if (found !== undefined) return { digits, ...found };
  throw new HarnessError("NAS_IMPORT", {
    what: `the file is not the one that its name says: ${digits} neither begins nor ends its MD5 (${md5}) or its SHA-256 (${sha256})`,
    where: file,
    allowed: "the published file, byte for byte; or a name that does not claim to be it",
    next: "fetch it again: the download was damaged or cut short; if the file is your own, rename it",
  });
}
