import { existsSync, readFileSync, rmSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { writeFileAtomic } from "../files/atomic-file.ts";

/** Where the bytes of an unfinished file came from. It lies beside the part, so that a later command knows it too. */
export interface PartOrigin {
  /** The address that was asked for. */
  readonly address: string;
  /** What the server names this version of its file by; null if it names none. */
  readonly validator: string | null;
  /** Bytes of the whole, by the server; null if it does not tell. */
  readonly total: number | null;
}

const fileOf = (part: string) => `${part}.json`;

/** A part's origin; null where it is not known. */
export function readPartOrigin(part: string): PartOrigin | null {
  if (!existsSync(fileOf(part))) return null;
  try {
    const { address, validator, total } = JSON.parse(readFileSync(fileOf(part), "utf8")) as Partial<PartOrigin>;
    const isOrigin =
      typeof address === "string" &&
      (validator === null || typeof validator === "string") &&
      (total === null || Number.isSafeInteger(total));
    return isOrigin ? ({ address, validator, total } as PartOrigin) : null;
  } catch {
    // A note that nobody can read is no note: the part is treated as one of unknown origin.
    return null;
  }
}

/** Notes a part's origin, durably: it has to be there before the first byte of it. @throws NAS_WRITE_FAILED */
export function writePartOrigin(part: string, origin: PartOrigin): void {
  writeFileAtomic(fileOf(part), `${JSON.stringify(origin)}\n`);
}

/** Forgets a part's origin. */
export function removePartOrigin(part: string): void {
  rmSync(fileOf(part), { force: true });
}

/** Throws a part away, with its origin. */
export function removePart(part: string): void {
  rmSync(part, { force: true });
  removePartOrigin(part);
}

/**
 * What a server names this version of its file by: a strong ETag, a checksum (Google's), or the date of its last change. A weak
 * ETag names files that are alike, not equal ones (RFC 9110, section 8.8.1), and counts as none.
 */
export function validatorOf({ headers }: IncomingMessage): string | null {
  const { etag } = headers;
  if (etag !== undefined && !etag.startsWith("W/")) return `etag ${etag}`;
  const checksum = headers["x-goog-hash"];
  if (typeof checksum === "string") return `checksum ${checksum}`;
  const changed = headers["last-modified"];
  return changed === undefined ? null : `changed ${changed}`;
}

/** The header field that asks for the rest of this version only, where HTTP has one for it (RFC 9110, section 13.1.5). */
export function ifRangeOf(origin: PartOrigin): Record<string, string> {
  const [, value] = /^(?:etag|changed) (.+)$/.exec(origin.validator ?? "") ?? [];
  return value === undefined ? {} : { "if-range": value };
}
