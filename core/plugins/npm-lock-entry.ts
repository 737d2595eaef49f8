import { quoted } from "./lock-fault.ts";
import { HARNESS_PACKAGE, isFields, isPackageName } from "./npm-dependencies.ts";

const VERSION = /^\d+\.\d+\.\d+(?:[-+][\w.+-]+)?$/;
/** Digests in base64, of exactly the length of their kind: npm passes over what it can't read. */
const STRONG_DIGEST = /^(?:sha512-[A-Za-z0-9+/]{86}==|sha384-[A-Za-z0-9+/]{64}|sha256-[A-Za-z0-9+/]{43}=)$/;
const WEAK_DIGEST = /^sha1-[A-Za-z0-9+/]{27}=$/;
const ARCHIVE = /^https?:\/\/[^\s/?#]+\/[^\s?#]*\.tgz$/;
const NODE_MODULES = "node_modules/";
/** Characters of a place; npm never nests as deep. */
const LONGEST_PLACE = 2000;

/** The names that a place is made of, outermost first; null for what is no place below node_modules. */
function namesOf(place: string): string[] | null {
  if (!place.startsWith(NODE_MODULES) || place.length > LONGEST_PLACE) return null;
  const names = place.slice(NODE_MODULES.length).split(`/${NODE_MODULES}`);
  return names.every(isPackageName) ? names : null;
}

/** Whether an entry is installed: not what is only for development, nor the harness, with what lies inside of it. */
export function isInstalledEntry(place: string, entry: unknown): boolean {
  if (place === "" || (isFields(entry) && entry.dev === true)) return false;
  return namesOf(place)?.includes(HARNESS_PACKAGE) !== true;
}

/** What is wrong with the hashes of an entry. */
function integrityFault(integrity: unknown): string | null {
  if (integrity === undefined) return "the integrity is missing";
  const digests = typeof integrity === "string" ? integrity.split(/\s+/) : [];
  if (digests.some((digest) => STRONG_DIGEST.test(digest))) {
    if (digests.every((digest) => STRONG_DIGEST.test(digest) || WEAK_DIGEST.test(digest))) return null;
  } else if (digests.every((digest) => WEAK_DIGEST.test(digest)) && digests.length > 0) {
    return "its integrity is only a SHA-1; sha512, sha384 or sha256 is needed";
  }
  return `integrity: ${quoted(integrity)} is no SHA-512, SHA-384 or SHA-256 in base64`;
}

/**
 * What is wrong with a package's entry in a package-lock.json, its dependencies apart: it must be of a registry, of an exact
 * version, and have a hash.
 */
export function entryFaults(place: string, entry: unknown): string[] {
  if (!isFields(entry)) return [`${quoted(entry)} is no object`];
  if (namesOf(place) === null) return ["it is no package below node_modules: other folders can't be installed"];
  if (entry.link !== undefined && entry.link !== false) return ["it is a link to a folder, no package of a registry"];
  const { version, resolved, name } = entry;
  const faults: string[] = [];
  if (version === undefined) faults.push("the version is missing");
  else if (typeof version !== "string" || !VERSION.test(version)) faults.push(`${quoted(version)} is no exact version`);
  // What comes inside of another package, or by a lock file of its own, npm would install without looking at a hash.
  if (entry.inBundle === true) faults.push("it comes inside of another package, without a hash of its own");
  else {
    const fault = integrityFault(entry.integrity);
    if (fault !== null) faults.push(fault);
  }
  if (entry.hasShrinkwrap === true) faults.push("it brings a lock file of its own, whose hashes nobody checks");
  if (resolved !== undefined && (typeof resolved !== "string" || !ARCHIVE.test(resolved)))
    faults.push(`resolved: ${quoted(resolved)} is no http address of a .tgz file`);
  if (name !== undefined && (typeof name !== "string" || !isPackageName(name)))
    faults.push(`name: ${quoted(name)} is no name of a package`);
  return faults;
}
