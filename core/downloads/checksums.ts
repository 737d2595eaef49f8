import { digestsOfFile } from "./file-digest.ts";

/** A checksum of a file, or the digits of one that its publisher gives. */
export interface Checksum {
  readonly algorithm: "md5" | "sha256";
  /** Which digits of the checksum are given: all, the first ones or the last ones. */
  readonly digits: "all" | "first" | "last";
  /** The digits, hexadecimal, in lower case. */
  readonly value: string;
}

/** What is known of a file's content. */
export interface KnownChecksums {
  /** In hexadecimal, as far as known. */
  readonly md5?: string;
  readonly sha256?: string;
  /** More of them, or parts of them. */
  readonly checksums?: readonly Checksum[];
}

const TITLES: Readonly<Record<Checksum["algorithm"], string>> = { md5: "MD5", sha256: "SHA-256" };

/** All that is known, the strongest first. */
function listOf({ md5, sha256, checksums = [] }: KnownChecksums): Checksum[] {
  const whole = (algorithm: Checksum["algorithm"], value: string | undefined): Checksum[] =>
    value === undefined ? [] : [{ algorithm, digits: "all", value }];
  return [...whole("sha256", sha256), ...whole("md5", md5), ...checksums];
}

/** Whether anything is known that tells the file from another one. */
export function hasChecksum(known: KnownChecksums): boolean {
  return listOf(known).length > 0;
}

/** A checksum in words: `an MD5 that ends with 096897`. */
export function describeChecksum({ algorithm, digits, value }: Checksum): string {
  const title = `${algorithm === "md5" ? "an" : "a"} ${TITLES[algorithm]}`;
  if (digits === "all") return `${title} of ${value}`;
  return `${title} that ${digits === "first" ? "starts" : "ends"} with ${value}`;
}

/** In which checksum a file differs from what is known, given its own ones, as a sentence; null if in none. */
export function differingChecksum(
  own: Readonly<Record<Checksum["algorithm"], string>>,
  known: KnownChecksums,
): string | null {
  for (const { algorithm, digits, value } of listOf(known)) {
    const actual = own[algorithm];
    const title = TITLES[algorithm];
    if (digits === "all" && actual !== value) return `its ${title} is ${actual} instead of ${value}`;
    if (digits === "first" && !actual.startsWith(value))
      return `its ${title} is ${actual} and does not start with ${value}`;
    if (digits === "last" && !actual.endsWith(value)) return `its ${title} is ${actual} and does not end with ${value}`;
  }
  return null;
}

/**
 * In which checksum a file differs from what is known of it, as a sentence; null if in none.
 * @throws NAS_FILE_NOT_FOUND, NAS_FILE_UNREADABLE, the signal's reason
 */
export async function checksumFault(file: string, known: KnownChecksums, signal: AbortSignal): Promise<string | null> {
  return hasChecksum(known) ? differingChecksum(await digestsOfFile(file, signal), known) : null;
}
